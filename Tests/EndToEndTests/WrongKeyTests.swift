import Foundation
import PostgresClient
import PostgresTesting
import Testing

@Suite("Repositories and keys", .tags(.server))
struct WrongKeyTests {
    private func workplace() async throws -> Workplace {
        let work = try Workplace()
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(
            """
            create table public.note (id int primary key, body text);
            insert into public.note select n, repeat(md5(n::text), 20) from generate_series(1, 5000) n;
            """
        )
        #expect(try await work.makeRepository().status == 0)
        let backup = try await work.backUp(try ScratchDatabase.current.settings)
        #expect(backup.status == 0, "\(backup)")
        return work
    }

    @Test(.scratchDatabase) func `the identity of another repository ends with 12 and changes nothing`() async throws {
        let work = try await workplace()
        let target = try await ScratchDatabase.current.anotherDatabase()
        let other = work.folder.appendingPathComponent("other.identity")
        let made = try await work.run([
            "repository", "init", "--repository", work.folder.appendingPathComponent("other").path, "--new-identity",
            other.path,
        ])
        #expect(made.status == 0, "\(made)")
        let schema = try await PgDump.schema(of: target)
        let objects = work.objects()
        for command in [["backup", "verify"], ["restore", "plan"], ["restore", "run", "--yes"]] {
            let outcome = try await work.run(
                command + ["--repository", work.repository.path, "--identity", other.path], on: target)
            #expect(outcome.status == 12, "\(command): \(outcome)")
            #expect(!outcome.errors.contains("AGE-SECRET-KEY"))
        }
        let writer = try await work.run(
            [
                "backup", "create", "--repository", work.repository.path, "--writer-key", other.path + ".writer-key",
            ],
            on: try ScratchDatabase.current.settings
        )
        // A machine with a key of its own may back up too; what it makes opens with the same identity.
        #expect([0, 12].contains(writer.status), "\(writer)")
        if writer.status != 0 { #expect(work.objects() == objects) }
        #expect(try await PgDump.schema(of: target) == schema)
    }

    @Test(.scratchDatabase) func `a file that is no identity ends with 12 or 64 and names the file`() async throws {
        let work = try await workplace()
        let file = try work.write("this is no key, and may be secret\n", to: "wrong.identity")
        let outcome = try await work.run(
            ["backup", "verify", "--repository", work.repository.path, "--identity", file])
        #expect([12, 64].contains(outcome.status), "\(outcome)")
        #expect(outcome.errors.contains("wrong.identity"), "\(outcome)")
        #expect(!outcome.errors.contains("may be secret"), "\(outcome)")
    }

    @Test(.scratchDatabase) func `a missing repository and an unknown backup end with 10`() async throws {
        let work = try await workplace()
        let database = try ScratchDatabase.current.settings
        let missing = work.folder.appendingPathComponent("nowhere").path
        for command in [
            ["backup", "create"], ["backup", "list"], ["backup", "verify"], ["restore", "run", "--yes"],
        ] {
            let outcome = try await work.run(
                command + ["--repository", missing, "--identity", work.identity.path], on: database)
            #expect(outcome.status == 10, "\(command): \(outcome)")
            #expect(outcome.errors.contains(missing), "\(outcome)")
            #expect(outcome.errors.contains("repository init"), "\(outcome)")
        }
        #expect(!FileManager.default.fileExists(atPath: missing))
        let unknown = try await work.run(["backup", "show", "1999"] + work.keys)
        #expect(unknown.status == 10, "\(unknown)")
    }

    @Test(.scratchDatabase) func `no identity off a terminal ends with 64 and says how to give it`() async throws {
        let work = try await workplace()
        let outcome = try await work.run(["backup", "verify", "--repository", work.repository.path])
        #expect(outcome.status == 64, "\(outcome)")
        #expect(outcome.errors.contains("--identity"), "\(outcome)")
    }

    @Test(.scratchDatabase) func `every object cut short is found, by verification and by a restore`() async throws {
        let work = try await workplace()
        let chunks = work.objects().sorted { $0.value > $1.value }.map(\.key)
        #expect(chunks.count >= 5)
        for name in chunks {
            let file = work.repository.appendingPathComponent(name)
            let whole = try Data(contentsOf: file)
            // The last byte of the repository's own description is a newline, which it can do without.
            for rest in name.hasSuffix(".json") ? [whole.count / 2] : [whole.count - 1, whole.count / 2, 0] {
                try whole.prefix(rest).write(to: file)
                // A voucher is no part of a backup: a check looks at it.
                let command = name.hasSuffix(".mark") ? ["repository", "check"] : ["backup", "verify"]
                let verify = try await work.run(command + work.keys)
                #expect(verify.status == 13, "\(name): \(verify)")
            }
            try whole.write(to: file)
        }
        let again = try await work.run(["backup", "verify"] + work.keys)
        #expect(again.status == 0, "\(again)")
    }

    @Test(.scratchDatabase) func `a damaged manifest is named and hides no other backup`() async throws {
        let work = try await workplace()
        #expect(try await work.backUp(try ScratchDatabase.current.settings).status == 0)
        let manifests = work.objects().keys.filter { $0.hasPrefix("manifests/") }.sorted()
        #expect(manifests.count == 2)
        let damaged = try #require(manifests.first)
        let name = try #require(damaged.split(separator: "/").last.map(String.init))
        let file = work.repository.appendingPathComponent(damaged)
        let whole = try Data(contentsOf: file)
        for broken in [Data(whole.dropLast(20)), Data(), Data(whole.map { $0 ^ 1 })] {
            try broken.write(to: file)
            let list = try await work.run(["backup", "list", "--json"] + work.keys)
            #expect(list.status == 13, "\(list)")
            #expect((try list.json()["backups"] as? [Any])?.count == 1, "\(list)")
            let findings = try #require(try list.json()["findings"] as? [[String: Any]])
            #expect(findings.map { $0["subject"] as? String } == [name], "\(list)")
            let forPeople = try await work.run(["backup", "list"] + work.keys)
            #expect(forPeople.status == 13, "\(forPeople)")
            #expect(forPeople.errors.contains(name), "\(forPeople)")
            #expect(!forPeople.output.contains(name), "\(forPeople)")
        }
        try whole.write(to: file)
        let healed = try await work.run(["backup", "list", "--json"] + work.keys)
        #expect(healed.status == 0, "\(healed)")
        #expect((try healed.json()["findings"] as? [Any])?.isEmpty == true, "\(healed)")
    }

    @Test(.scratchDatabase) func `a restore from a damaged object ends with 13 and the database stays closed`()
        async throws
    {
        let work = try await workplace()
        let scratch = try ScratchDatabase.current
        let target = try await scratch.anotherDatabase()
        let chunk = try #require(work.objects().max { $0.value < $1.value }?.key)
        let file = work.repository.appendingPathComponent(chunk)
        try Data(contentsOf: file).dropLast(1000).write(to: file)
        let restore = try await work.restore(into: target)
        #expect(restore.status == 13, "\(restore)")
        #expect(restore.errors.contains(chunk.split(separator: "/").last.map(String.init) ?? chunk), "\(restore)")
        #expect(restore.errors.contains("closed"), "\(restore)")
        try await expectClosed(target, table: "public.note")
        let second = try await work.restore(into: target)
        #expect(second.status == 19, "\(second)")
        #expect(second.errors.contains("unfinished restore"), "\(second)")
    }
}

/// No API role may read a table, and the journal says that a restore is not over.
func expectClosed(_ settings: ConnectionSettings, table: String) async throws {
    let session = try await ScratchDatabase.current.session(to: settings)
    for role in ["anon", "authenticated", "service_role"] {
        let rows = try await session.query(
            "select pg_catalog.has_table_privilege(\(role), \(table), 'select, insert, update, delete')::text"
        )
        #expect(rows.first?[0] == "false", "\(role) may use \(table)")
    }
    let journal = try await session.query("select count(*)::text from wheels_db.restore")
    #expect(journal.first?[0] == "1")
}
