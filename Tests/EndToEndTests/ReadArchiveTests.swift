import Foundation
import PostgresClient
import PostgresTesting
import Testing

/// `tools/read-archive` was written from docs/ARCHIVE-FORMAT.md alone: what it reads is what the page says.
@Suite("The way out: tools/read-archive", .tags(.server))
struct ReadArchiveTests {
    private static let tool = Workplace.package.appendingPathComponent("tools/read-archive").path

    private struct Outcome {
        let status: Int32
        let output: Data
        let errors: String
    }

    private func read(_ arguments: [String], in work: Workplace) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [Self.tool] + arguments
        process.currentDirectoryURL = work.folder
        let output = work.folder.appendingPathComponent("read-archive.out")
        let errors = work.folder.appendingPathComponent("read-archive.err")
        for file in [output, errors] { try Data().write(to: file) }
        let handles = try [output, errors].map { try FileHandle(forWritingTo: $0) }
        process.standardOutput = handles[0]
        process.standardError = handles[1]
        try process.run()
        for handle in handles { try handle.close() }
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus,
            output: try Data(contentsOf: output),
            errors: try String(contentsOf: errors, encoding: .utf8)
        )
    }

    @Test func `its own ciphers and codings are right`() throws {
        let outcome = try read(["self-test"], in: Workplace())
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(20)))
    func `it finds the rows, the digests and the schema that wheels-db stored`() async throws {
        let work = try Workplace()
        let source = try ScratchDatabase.current.settings
        try await ScratchDatabase.current.session().executeScript(
            """
            create type public.mood as enum ('calm', 'wild');
            create table public.numbers as
              select n::int8 as id, (n % 7)::int2 as small, n * 1000003::int8 as big, (n * 0.01)::numeric(12, 2) as money,
                sqrt(n) as root, (n / 10.0)::float8 as tenth, n % 2 = 0 as even
              from generate_series(1, 6000) n;
            create table public.texts as
              select n as id, nullif(repeat('größe ' || n, n % 5), '') as body, md5(n::text)::uuid as key,
                jsonb_build_object('n', n, 'list', array[n, n + 1]) as document,
                timestamptz '2026-01-01 00:00Z' + n * interval '61 seconds' as at, date '2026-01-01' + n as day,
                decode(md5(n::text), 'hex') as bytes, array[n::text, null] as list, '10.0.0.1'::inet + n as host
              from generate_series(1, 3000) n;
            create table public.moods as
              select n as id, (array['calm', 'wild'])[1 + n % 2]::public.mood as mood, 'pg_class'::regclass as relation
              from generate_series(1, 50) n;
            create table public.empty (id int, note text);
            create table public.columnless ();
            insert into public.columnless default values;
            create table public.wide as select 1 as id, repeat(md5('x'), 60000) as body;
            """
        )
        #expect(try await work.makeRepository().status == 0)
        #expect(try await work.backUp(source).status == 0)

        let check = try read(["check", work.repository.path, "--digests", "--identity", work.identity.path], in: work)
        #expect(check.status == 0, "\(check.errors) \(String(decoding: check.output, as: UTF8.self))")
        for table in ["numbers", "texts", "moods", "empty", "columnless", "wide"] {
            let rows = try read(
                ["rows", work.repository.path, "latest", "public.\(table)", "--identity", work.identity.path], in: work)
            #expect(rows.status == 0, "\(table): \(rows.errors)")
            let format = table == "moods" ? "text" : "binary"
            let expected = work.folder.appendingPathComponent("\(table).copy")
            _ = try await PgDump.run(
                "psql",
                [
                    "--no-psqlrc", "--quiet", "--command",
                    "\\copy (select * from public.\(table) order by ctid) to '\(expected.path)' with (format \(format))",
                ],
                on: source
            )
            #expect(try rows.output == Data(contentsOf: expected), "\(table) differs")
        }
        let schema = try read(
            ["schema", work.repository.path, "latest", "--identity", work.identity.path], in: work)
        #expect(
            schema.status == 0 && String(decoding: schema.output, as: UTF8.self).contains("CREATE TABLE public.texts"))
    }

    @Test(.scratchDatabase) func `it tells a wrong key from damage`() async throws {
        let work = try Workplace()
        try await ScratchDatabase.current.session().execute(
            "create table public.note as select n, md5(n::text) from generate_series(1, 999) n")
        #expect(try await work.makeRepository().status == 0)
        #expect(try await work.backUp(try ScratchDatabase.current.settings).status == 0)
        let other = work.folder.appendingPathComponent("other.identity").path
        let made = try await work.run([
            "repository", "init", "--repository", work.folder.appendingPathComponent("other").path, "--new-identity",
            other,
        ])
        #expect(made.status == 0)
        #expect(try read(["check", work.repository.path, "--identity", other], in: work).status == 12)
        let name = try #require(work.objects().keys.first { $0.hasPrefix("chunks/") })
        let file = work.repository.appendingPathComponent(name)
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 1
        try FileManager.default.removeItem(at: file)
        try bytes.write(to: file)
        #expect(try read(["check", work.repository.path, "--identity", work.identity.path], in: work).status == 13)
    }
}
