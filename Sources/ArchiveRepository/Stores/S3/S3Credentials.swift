import Diagnostics
import SealedStreams

/// Who asks a store: an access key, its secret, and for temporary ones a session's token.
///
/// Its description and its mirror are empty; nothing of it is ever printed.
struct S3Credentials: Sendable, CustomStringConvertible, CustomReflectable {
    var description: String { "S3Credentials" }
    var customMirror: Mirror { Mirror(self, children: []) }

    /// The name of the access key.
    let keyID: String
    /// The secret with `AWS4` in front, as the first step of a signature needs it.
    let signingSecret: SecretBytes
    /// The token of temporary credentials.
    let sessionToken: String?

    /// Credentials that are known.
    init(keyID: String, secret: String, sessionToken: String? = nil) {
        self.keyID = keyID
        self.sessionToken = sessionToken
        signingSecret = SecretBytes(Array("AWS4\(secret)".utf8))
    }

    /// The credentials of the environment, else those of the chosen section of the files.
    ///
    /// - Parameter variables: The environment and the files.
    /// - Throws: ``RepositoryError`` of class `permission` when there are none, with what to set.
    init(_ variables: AWSVariables) throws {
        switch (variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"]) {
        case (let keyID?, let secret?):
            self.init(keyID: keyID, secret: secret, sessionToken: variables["AWS_SESSION_TOKEN"])
        case (nil, nil):
            try self.init(profile: variables)
        case (.some, nil): throw Self.missing("AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not.")
        case (nil, .some): throw Self.missing("AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not.")
        }
        guard !keyID.utf8.contains(where: { $0 <= 32 || $0 >= 127 }) else {
            throw Self.missing("The access key's name has blanks or other characters that no key has.")
        }
    }

    private init(profile variables: AWSVariables) throws {
        let keyID = try variables.setting("aws_access_key_id")
        let secret = try variables.setting("aws_secret_access_key")
        if let keyID, let secret {
            self.init(keyID: keyID, secret: secret, sessionToken: try variables.setting("aws_session_token"))
            return
        }
        let profile = variables.profile
        for foreign in ["sso_session", "sso_start_url", "role_arn", "credential_process", "login_session"] {
            guard try variables.setting(foreign) == nil else {
                throw Self.missing(
                    "The profile \(profile) gets its credentials by \(foreign), which wheels-db does not do.",
                    Remedy(
                        "Let the AWS command line do it first:",
                        command: "eval \"$(aws configure export-credentials --profile \(profile) --format env)\"")
                )
            }
        }
        if variables.namesProfile, try !variables.hasProfile() {
            throw Self.missing("The profile \(profile) stands neither in ~/.aws/credentials nor in ~/.aws/config.")
        }
        throw Self.missing("There are no credentials for S3.")
    }

    private static func missing(_ summary: String, _ remedy: Remedy? = nil) -> RepositoryError {
        RepositoryError(
            code: "store.credentials",
            summary: summary,
            remedy: remedy
                ?? Remedy(
                    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE with a file ~/.aws/credentials."),
            failureClass: .permission
        )
    }
}
