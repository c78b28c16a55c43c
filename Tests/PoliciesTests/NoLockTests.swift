import Diagnostics
import PostgresClient
import PostgresTesting
import Testing

@testable import Policies

@Suite("A run with nothing to do", .tags(.server))
struct NoLockTests {
    private func applied() async throws -> (applier: PolicyApplier, folder: PolicyFolder) {
        var options = PolicyOptions(toolVersion: "test")
        options.lockTimeout = .milliseconds(300)
        options.lockRetry = .none
        let applier = PolicyApplier(settings: try ScratchDatabase.current.settings, options: options)
        let folder = try PolicyFolder.read(PolicyBench.shipped)
        _ = try await applier.apply(folder)
        return (applier, folder)
    }

    /// Holds `ACCESS EXCLUSIVE` on every table and sequence's table of the database, apart from the tool's own.
    private func holdEverything() async throws -> (session: Session, tables: Int) {
        let session = try await ScratchDatabase.current.superuserSession()
        let tables = try await session.texts(
            """
            select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'wheels_migrations')
              and n.nspname not like 'pg\\_t%' order by 1
            """)
        try await session.executeScript(
            "begin; lock table \(tables.joined(separator: ", ")) in access exclusive mode;")
        return (session, tables.count)
    }

    @Test(.appDatabase) func `goes through while somebody holds every table of the database`() async throws {
        let (applier, folder) = try await applied()
        let (holder, tables) = try await holdEverything()
        #expect(tables >= 48)
        let report = try await applier.apply(folder)
        #expect(report.applied.isEmpty && report.unchanged == folder.files.count)
        #expect(try await applier.plan(folder).changes.isEmpty)

        // The proof of the proof: a run that has to compare one table waits, and names who is in the way.
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript("delete from wheels_migrations.policy_files where relation_name = 'user_trips'")
        let error = try await #require(throws: PolicyError.self) { try await applier.apply(folder) }
        #expect(error.summary.contains("public.user_trips") && error.summary.contains("55P03"), "\(error)")
        try await holder.executeScript("rollback")
        #expect(try await applier.apply(folder).applied.isEmpty)
    }

    @Test(.appDatabase) func `locks nothing but the catalog and the tool's own table`() async throws {
        _ = try await applied()
        let session = try await ScratchDatabase.current.session()
        let locked = """
            select distinct n.nspname from pg_locks l join pg_class c on c.oid = l.relation
              join pg_namespace n on n.oid = c.relnamespace
            where l.pid = pg_backend_pid() and l.locktype = 'relation' order by 1
            """
        // Locks last until the transaction ends: what stands in pg_locks then is all that was ever taken.
        try await session.executeScript("begin")
        let overview = try await CatalogOverview.read(from: session)
        let ledger = try await PolicyLedger.read(from: session)
        #expect(try await session.texts(locked) == ["pg_catalog", "wheels_migrations"])
        #expect(overview.entries.count > 50 && ledger.records.count > 50)

        // The server's text of a policy does lock what the policy reads: comparing by it would not do.
        try await session.executeScript("select pg_get_expr(polqual, polrelid) from pg_policy")
        #expect(try await session.texts(locked).contains("public"))
        try await session.executeScript("rollback")
    }

    @Test(.appDatabase) func `a plan lets readers and writers work, and leaves nothing behind`() async throws {
        let scratch = try ScratchDatabase.current
        let (applier, folder) = try await applied()
        let session = try await scratch.session()
        try await session.executeScript("truncate wheels_migrations.policy_files")
        let before = try await PgDump.schema(of: scratch.settings)
        let writer = try await scratch.session()
        try await writer.executeScript(
            "begin; lock table public.user_trips, public.social_posts, public.user_friendships in share row exclusive mode"
        )
        #expect(try await applier.plan(folder).changes.isEmpty)
        try await writer.executeScript("rollback")
        #expect(try await PgDump.schema(of: scratch.settings) == before)
        #expect(try await session.text("select count(*)::text from wheels_migrations.policy_files") == "0")
    }
}
