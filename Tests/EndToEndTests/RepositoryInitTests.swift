import Foundation
import ObjectStoreTesting
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

    @Test(arguments: ["", "  "]) func `an empty place is wrong usage, and no folder`(place: String) async throws {
        let work = try Workplace()
        for command in [["repository", "init", "--new-identity", work.identity.path], ["backup", "list"]] {
            let outcome = try await work.run(command + ["--repository", place])
            #expect(outcome.status == 64 && outcome.errors.contains("is empty"), "\(outcome)")
        }
        #expect(!FileManager.default.fileExists(atPath: work.identity.path))
    }

    @Test func `a repository is made neither inside nor around another`() async throws {
        let work = try Workplace()
        let middle = work.folder.appendingPathComponent("a/b")
        #expect(try await work.makeRepository(at: middle).status == 0)
        try FileManager.default.createSymbolicLink(
            at: work.folder.appendingPathComponent("link"), withDestinationURL: middle)
        for place in ["a", "a/b/c", "a/b/chunks/d/e", "link/c"] {
            let other = work.folder.appendingPathComponent("other.identity").path
            let refused = try await work.run([
                "repository", "init", "--repository", work.folder.appendingPathComponent(place).path, "--new-identity",
                other,
            ])
            #expect(refused.status == 19 && refused.errors.contains("repository"), "\(place): \(refused)")
            #expect(!FileManager.default.fileExists(atPath: other))
        }
        let beside = try await work.run([
            "repository", "init", "--repository", work.folder.appendingPathComponent("a/c").path, "--passphrase-file",
            try work.write("words", to: "words"),
        ])
        #expect(beside.status == 0, "\(beside)")
    }

    @Test(.requiresObjectStore) func `nor in a bucket`() async throws {
        let work = try Workplace()
        let store = try await ObjectStore.shared()
        let bucket = try store.makeBucket()
        func make(_ prefix: String) async throws -> WheelsProgram.Outcome {
            try await work.program.run(
                [
                    "repository", "init", "--repository", store.location(bucket: bucket, prefix: prefix),
                    "--passphrase-file", try work.write("words", to: "words"),
                ], adding: store.environment)
        }
        #expect(try await make("a/b").status == 0)
        for prefix in ["", "a", "a/b/c", "a/b/c/d"] {
            let refused = try await make(prefix)
            #expect(refused.status == 19 && refused.errors.contains("repository"), "\(prefix): \(refused)")
        }
        #expect(try await make("a/bc").status == 0)
    }

    @Test func `what an init that was killed left is named, with the command that removes it`() async throws {
        let work = try Workplace()
        #expect(try await work.makeRepository().status == 0)
        // Killed before the description came, which is the last to come.
        try FileManager.default.removeItem(at: work.repository.appendingPathComponent("wheels-db-repository.json"))
        for _ in 0..<3 {
            let refused = try await work.makeRepository()
            #expect(refused.status == 19, "\(refused)")
            let command = try #require(refused.errors.split(separator: "\n").first { $0.contains("→ rm ") })
            let shell = try await RunningProgram(
                ["/bin/sh", "-c", String(command.trimmingPrefix { $0 != "r" })], folder: work.folder,
                variables: work.program.variables
            ).outcome()
            #expect(shell.status == 0, "\(shell)")
        }
        let made = try await work.makeRepository()
        #expect(made.status == 0, "\(made)")
    }
}
