import Foundation
import PostgresClient
import PostgresTesting
import Testing

@Suite("Who can open the backups", .tags(.server))
struct KeyCommandTests {
    /// A place with a backup in it, and a colleague's identity beside it.
    private func workplace() async throws -> Workplace {
        let work = try Workplace()
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(
            """
            create table public.note (id int primary key, body text);
            insert into public.note select n, repeat(md5(n::text), 20) from generate_series(1, 500) n;
            """
        )
        #expect(try await work.makeRepository().status == 0)
        let backup = try await work.backUp(try ScratchDatabase.current.settings)
        #expect(backup.status == 0, "\(backup)")
        return work
    }

    private func recipient(_ file: String, in work: Workplace) async throws -> String {
        let made = try await work.run([
            "repository", "init", "--repository", work.folder.appendingPathComponent("other").path, "--new-identity",
            file,
        ])
        #expect(made.status == 0, "\(made)")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        return String(try #require(text.firstMatch(of: #/age1[0-9a-z]+/#)).output)
    }

    private func verify(_ work: Workplace, with identity: String) async throws -> Int32 {
        try await work.run(["backup", "verify", "--repository", work.repository.path, "--identity", identity]).status
    }

    @Test(.scratchDatabase)
    func `a colleague is added and removed, and keys are rotated on the way`() async throws {
        let work = try await workplace()
        let theirs = work.folder.appendingPathComponent("colleague.identity").path
        let colleague = try await recipient(theirs, in: work)
        #expect(try await verify(work, with: theirs) == 12)

        let added = try await work.run(["repository", "keys", "add", colleague] + work.keys)
        #expect(added.status == 0 && added.output.contains(colleague), "\(added)")
        #expect(try await verify(work, with: theirs) == 0)

        let newKey = work.folder.appendingPathComponent("new.writer-key").path
        let removed = try await work.run(
            ["repository", "keys", "remove", colleague, "--new-writer-key", newKey] + work.keys)
        #expect(removed.status == 0 && !removed.output.contains(colleague), "\(removed)")
        #expect(try await verify(work, with: theirs) == 12)
        #expect(try await verify(work, with: work.identity.path) == 0)

        // The old writer key is retired; the new one makes the next backup, which the identity opens.
        let old = try await work.run(
            [
                "backup", "create", "--repository", work.repository.path, "--writer-key",
                work.identity.path + ".writer-key",
            ], on: try ScratchDatabase.current.settings)
        #expect(old.status == 12 && old.errors.contains("retired"), "\(old)")
        let new = try await work.run(
            ["backup", "create", "--repository", work.repository.path, "--writer-key", newKey],
            on: try ScratchDatabase.current.settings)
        #expect(new.status == 0, "\(new)")
        let listed = try await work.run(["backup", "list", "--json"] + work.keys)
        #expect(listed.status == 0 && listed.output.components(separatedBy: "\"backup\"").count == 3, "\(listed)")
        let generations = try await work.run(["repository", "keys", "list", "--repository", work.repository.path])
        #expect(generations.status == 0 && generations.output.contains("retired"), "\(generations)")
        #expect(!generations.output.contains(colleague), "\(generations)")
    }

    @Test(.scratchDatabase) func `the last holder is not removed`() async throws {
        let work = try await workplace()
        let own = try String(contentsOf: work.identity, encoding: .utf8)
        let recipient = String(try #require(own.firstMatch(of: #/age1[0-9a-z]+/#)).output)
        let key = work.folder.appendingPathComponent("k").path
        let refused = try await work.run(
            ["repository", "keys", "remove", recipient, "--new-writer-key", key] + work.keys)
        #expect(refused.status == 19, "\(refused)")
        #expect(!FileManager.default.fileExists(atPath: key))
        let unknown = try await work.run(
            ["repository", "keys", "remove", "passphrase", "--new-writer-key", key] + work.keys)
        #expect(unknown.status == 10, "\(unknown)")
    }

    @Test(.scratchDatabase)
    func `a lost writer key costs one note and one full run, and the identity opens both`() async throws {
        let work = try await workplace()
        try FileManager.default.removeItem(atPath: work.identity.path + ".writer-key")
        let create = ["backup", "create", "--repository", work.repository.path]
        let first = try await work.run(create, on: try ScratchDatabase.current.settings)
        #expect(first.status == 0 && first.errors.contains("new keys"), "\(first)")
        let second = try await work.run(create, on: try ScratchDatabase.current.settings)
        #expect(second.status == 0 && !second.errors.contains("new keys"), "\(second)")
        for backup in try FileManager.default.contentsOfDirectory(
            atPath: work.repository.appendingPathComponent("manifests").path)
        {
            let verified = try await work.run(["backup", "verify", backup] + work.keys)
            #expect(verified.status == 0, "\(verified)")
        }
    }

    @Test(.scratchDatabase)
    func `the machine that makes backups needs no passphrase, and cannot read rows`() async throws {
        let work = try Workplace()
        let words = try work.write("several random words\n", to: "words")
        let key = work.folder.appendingPathComponent("writer-key").path
        let made = try await work.run([
            "repository", "init", "--repository", work.repository.path, "--passphrase-file", words, "--writer-key", key,
        ])
        #expect(made.status == 0, "\(made)")
        let create = ["backup", "create", "--repository", work.repository.path, "--writer-key", key]
        #expect(try await work.run(create, on: try ScratchDatabase.current.settings).status == 0)
        let writer = ["--repository", work.repository.path, "--writer-key", key]
        #expect(try await work.run(["backup", "list"] + writer).status == 0)
        #expect(try await work.run(["backup", "verify"] + writer).status == 64)
        let reader = ["--repository", work.repository.path, "--passphrase-file", words]
        #expect(try await work.run(["backup", "verify"] + reader).status == 0)
    }
}
