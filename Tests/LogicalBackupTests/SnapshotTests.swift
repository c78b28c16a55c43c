import CatalogInspection
import LogicalBackup
import PostgresClient
import PostgresTesting
import Testing

@Suite("The snapshot of a backup", .tags(.server))
struct SnapshotTests {
    /// TRUNCATE and a rewriting ALTER TABLE are invisible to snapshots: a reader who locks too late finds no rows.
    @Test(.scratchDatabase) func `never misses the rows of a table that is truncated or rewritten meanwhile`()
        async throws
    {
        let scratch = try ScratchDatabase.current
        let session = try await scratch.session()
        let fill = "insert into public.busy select n, n from generate_series(1, 1000) n"
        try await session.executeScript("create table public.busy (id int, value int); \(fill)")
        let repository = try ScratchRepository()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for round in 0..<400 {
                    // A deploy that does nothing but DDL would keep every backup out.
                    guard (try? await Task.sleep(for: .milliseconds(Int.random(in: 0...400)))) != nil else { return }
                    let type = round.isMultiple(of: 2) ? "bigint" : "int"
                    try? await session.executeScript(
                        "begin; truncate public.busy; alter table public.busy alter value type \(type); \(fill); commit"
                    )
                }
            }
            for _ in 0..<8 {
                let manifest = try await repository.backUp(scratch.settings)
                let busy = manifest.tables.first { $0.table.name == "busy" }
                #expect(busy?.rows == 1000)
            }
            group.cancelAll()
        }
    }

    @Test(.scratchDatabase) func `names whoever holds a table`() async throws {
        let scratch = try ScratchDatabase.current
        let holder = try await scratch.session()
        try await holder.executeScript("create table public.held (id int)")
        try await holder.execute("begin")
        try await holder.execute("lock table public.held in access exclusive mode")
        let pid = try await holder.query("select pg_backend_pid()::text").first?[0]
        let repository = try ScratchRepository()
        let error = await #expect(throws: BackupError.self) {
            try await repository.backUp(scratch.settings, lockTimeout: "200ms")
        }
        #expect(error?.code == "backup.table-locked")
        #expect(
            error?.summary.contains("public.held is locked by process \(pid ?? "?")") == true, "\(error?.summary ?? "")"
        )
        try await holder.execute("rollback")
        #expect(try await repository.backUp(scratch.settings, lockTimeout: "200ms").tables.count > 1)
    }

    @Test(.scratchDatabase) func `holds what was committed before it, and nothing later`() async throws {
        let scratch = try ScratchDatabase.current
        let session = try await scratch.session()
        try await session.executeScript(
            """
            create table public.a (n bigint); create table public.b (n bigint);
            insert into public.a values (0); insert into public.b values (0);
            """
        )
        let repository = try ScratchRepository()
        let target = try await scratch.anotherDatabase()
        let manifest = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // The two tables are equal in every snapshot.
                for _ in 0..<20_000 {
                    if Task.isCancelled { return }
                    try await session.executeScript(
                        "begin; update public.a set n = n + 1; update public.b set n = n + 1; commit")
                }
            }
            let manifest = try await repository.backUp(scratch.settings)
            group.cancelAll()
            return manifest
        }
        _ = try await repository.restore(manifest, into: target)
        let rows = try await scratch.session(to: target).query(
            "select (a.n = b.n)::text, a.n::text from public.a, public.b"
        )
        #expect(rows.first?[0] == "true", "a stands at \(rows.first?[1] ?? "?")")
    }
}
