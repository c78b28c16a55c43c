import Foundation
import Testing

@Suite("Making a repository")
struct RepositoryInitTests {
    @Test(arguments: ["", "\n", "\r\nsecond line\n"])
    func `an empty passphrase is refused and nothing is made`(content: String) async throws {
        let work = try Workplace()
        let file = try work.write(content, to: "passphrase")
        let made = try await work.run([
            "repository", "init", "--repository", work.repository.path, "--passphrase-file", file,
        ])
        #expect(made.status == 64, "\(made)")
        #expect(made.errors.contains("passphrase is empty"), "\(made)")
        #expect(!FileManager.default.fileExists(atPath: work.repository.path))
    }

    @Test func `a refused init leaves no key behind`() async throws {
        let work = try Workplace()
        #expect(try await work.makeRepository().status == 0)
        let second = work.folder.appendingPathComponent("second.identity").path
        let refused = try await work.run([
            "repository", "init", "--repository", work.repository.path, "--new-identity", second,
        ])
        #expect(refused.status == 19, "\(refused)")
        #expect(refused.errors.contains("is a repository already"), "\(refused)")
        #expect(!FileManager.default.fileExists(atPath: second))
        #expect(!FileManager.default.fileExists(atPath: second + ".writer-key"))
        #expect(FileManager.default.fileExists(atPath: work.identity.path))
    }

    @Test func `a writer key that is there already is kept, and neither repository nor identity is made`() async throws
    {
        let work = try Workplace()
        let keyFile = try work.write("the key of another repository\n", to: "app.identity.writer-key")
        let refused = try await work.makeRepository()
        #expect(refused.status == 19, "\(refused)")
        #expect(try String(contentsOfFile: keyFile, encoding: .utf8) == "the key of another repository\n")
        #expect(!FileManager.default.fileExists(atPath: work.identity.path))
        #expect(!FileManager.default.fileExists(atPath: work.repository.path))
    }
}
