import Diagnostics
import Foundation
import SealedStreams
import Testing

@testable import ArchiveRepository

@Suite("Credentials of S3")
struct S3CredentialsTests {
    private static let credentialsFile = """
        # comment
        [default]
        aws_access_key_id = DEFAULTKEY
        aws_secret_access_key=default=secret
        [other]
        AWS_ACCESS_KEY_ID = OTHERKEY
        aws_secret_access_key = other/secret+
        aws_session_token = other-token
        """
    private static let configFile = """
        [default]
        region = eu-north-1
        s3 =
          addressing_style = path
          region = nested
        ; comment
        [profile  other]
        region = us-east-2
        endpoint_url = https://other.example
        [profile sso]
        sso_session = corp
        [profile only-here]
        aws_access_key_id = CONFIGKEY
        aws_secret_access_key = config-secret
        """

    /// Variables over a home folder with both files.
    private func variables(_ environment: [String: String] = [:], home: ScratchFolder) throws -> AWSVariables {
        let folder = URL(fileURLWithPath: home.path + "/.aws")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(Self.credentialsFile.utf8).write(to: folder.appendingPathComponent("credentials"))
        try Data(Self.configFile.utf8).write(to: folder.appendingPathComponent("config"))
        return AWSVariables(environment: environment.merging(["HOME": home.path]) { mine, _ in mine })
    }

    private func secret(_ credentials: S3Credentials) -> String {
        credentials.signingSecret.withBytes { unsafe $0.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) } }
    }

    @Test func `variables come before files`() throws {
        let home = ScratchFolder()
        let environment = [
            "AWS_ACCESS_KEY_ID": "ENVKEY", "AWS_SECRET_ACCESS_KEY": "env", "AWS_SESSION_TOKEN": "token",
            "AWS_PROFILE": "other",
        ]
        let credentials = try S3Credentials(try variables(environment, home: home))
        #expect(credentials.keyID == "ENVKEY" && credentials.sessionToken == "token")
        #expect(secret(credentials) == "AWS4env")
    }

    @Test func `without variables the default section counts, or the one that is named`() throws {
        let home = ScratchFolder()
        let plain = try variables(home: home)
        #expect(try S3Credentials(plain).keyID == "DEFAULTKEY" && S3Credentials(plain).sessionToken == nil)
        #expect(secret(try S3Credentials(plain)) == "AWS4default=secret")
        #expect(try plain.region() == "eu-north-1" && plain.endpoint() == nil)
        let other = try variables(["AWS_PROFILE": "other"], home: home)
        #expect(try S3Credentials(other).keyID == "OTHERKEY" && S3Credentials(other).sessionToken == "other-token")
        #expect(try other.region() == "us-east-2" && other.endpoint() == "https://other.example")
        #expect(try S3Credentials(try variables(["AWS_PROFILE": "only-here"], home: home)).keyID == "CONFIGKEY")
    }

    @Test func `the files may be elsewhere`() throws {
        let home = ScratchFolder()
        _ = try variables(home: home)
        let environment = [
            "AWS_SHARED_CREDENTIALS_FILE": home.path + "/.aws/credentials", "AWS_CONFIG_FILE": "/nowhere",
        ]
        let variables = AWSVariables(environment: environment)
        #expect(try S3Credentials(variables).keyID == "DEFAULTKEY")
        #expect(try variables.region() == nil)
    }

    @Test(arguments: [
        (["AWS_ACCESS_KEY_ID": "KEYID-ONLY"], "AWS_SECRET_ACCESS_KEY is not"),
        (["AWS_SECRET_ACCESS_KEY": "hunter2"], "AWS_ACCESS_KEY_ID is not"),
        (["AWS_PROFILE": "nobody"], "The profile nobody stands neither"),
        (["AWS_PROFILE": "sso"], "gets its credentials by sso_session"),
        (["AWS_ACCESS_KEY_ID": "BAD KEY", "AWS_SECRET_ACCESS_KEY": "hunter2"], "blanks"),
    ])
    func `what is missing is said, and nothing of a secret`(environment: [String: String], words: String) throws {
        let home = ScratchFolder()
        let error = try #require(throws: RepositoryError.self) {
            _ = try S3Credentials(try variables(environment, home: home))
        }
        #expect(error.summary.contains(words) && error.failureClass == .permission && error.remedy != nil)
        for word in ["hunter2", "KEYID-ONLY", "BAD KEY"] { #expect(!error.description.contains(word)) }
    }

    @Test func `a profile with foreign credentials gets the command that exports them`() throws {
        let home = ScratchFolder()
        let error = try #require(throws: RepositoryError.self) {
            _ = try S3Credentials(try variables(["AWS_PROFILE": "sso"], home: home))
        }
        #expect(error.remedy?.command == #"eval "$(aws configure export-credentials --profile sso --format env)""#)
    }

    @Test func `credentials show nothing of themselves`() {
        let credentials = S3Credentials(keyID: "hunter1", secret: "hunter2", sessionToken: "hunter3")
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), dumped] { #expect(!text.contains("hunter")) }
    }
}
