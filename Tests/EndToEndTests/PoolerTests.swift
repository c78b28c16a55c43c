import Foundation
import PostgresClient
import PostgresTesting
import Testing

@Suite("Behind a pooler", .tags(.server))
struct PoolerTests {
    private func workplace() async throws -> Workplace {
        let work = try Workplace()
        try work.write(
            "create table public.one (id int);\ninsert into public.one select generate_series(1, 1000);\n",
            to: "migrations/20260101000000_one.sql")
        #expect(try await work.makeRepository().status == 0)
        return work
    }

    @Test(.scratchDatabase, .requiresPgBouncer)
    func `in transaction mode each command ends with 19, and nothing is changed`() async throws {
        let work = try await workplace()
        let scratch = try ScratchDatabase.current
        #expect(try await work.backUp(scratch.settings).status == 0)
        let objects = work.objects()
        let schema = try await PgDump.schema(of: scratch.settings)
        try await withPgBouncer(.transaction, before: scratch.settings) { pooled in
            for command in [
                ["migrate", "up"], ["backup", "create", "--repository", work.repository.path],
                ["restore", "plan"] + work.keys, ["restore", "run", "--yes"] + work.keys,
            ] {
                let outcome = try await work.run(command, on: pooled)
                #expect(outcome.status == 19, "\(command): \(outcome)")
                #expect(outcome.errors.contains("transaction mode"), "\(command): \(outcome)")
                #expect(outcome.errors.contains("session pooler"), "\(command): \(outcome)")
            }
        }
        #expect(work.objects() == objects)
        #expect(try await PgDump.schema(of: scratch.settings) == schema)
    }

    @Test(.scratchDatabase, .requiresPgBouncer) func `in session mode the whole path works`() async throws {
        let work = try await workplace()
        let scratch = try ScratchDatabase.current
        let target = try await scratch.anotherDatabase()
        try await withPgBouncer(.session, before: scratch.settings) { pooled in
            let up = try await work.run(["migrate", "up"], on: pooled)
            #expect(up.status == 0, "\(up)")
            let backup = try await work.backUp(pooled)
            #expect(backup.status == 0, "\(backup)")
            let throughPooler = pooled.setting("dbname", to: target.database ?? "")
            let restore = try await work.restore(into: throughPooler)
            #expect(restore.status == 0, "\(restore)")
            try await PgDump.expectSchema(of: target, equals: scratch.settings)
        }
    }
}
