import ArchiveRepository
import Diagnostics
import PostgresClient
import PostgresTesting
import Synchronization
import Testing

@testable import LogicalBackup

@Suite("A run that ended early", .tags(.server))
struct UnfinishedRunTests {
    /// Six tables of 1 MB, most of it out of line, which no estimate sees.
    private static let tables = """
        do $$ begin for t in 1..6 loop
          execute format('create table public.t%s (n int primary key, note text, body text)', t);
          execute format('alter table public.t%s alter body set storage external', t);
          execute format('insert into public.t%s select n, md5(n::text), case when n <= 80 then
            (select string_agg(md5(random()::text || n || m), '''') from generate_series(1, 400) m) end
            from generate_series(1, 3000) n', t);
        end loop; end $$
        """

    /// A backup that its budget stops in its middle.
    private func stopped(_ nights: Nights, budget: Int = 4_000_000) async throws {
        let error = await #expect(throws: BackupError.self) {
            try await nights.repository.backUp(nights.source, jobs: 1, load: ServerLoad(), egressBudget: budget)
        }
        #expect(error?.code == "backup.egress-budget", "\(error?.summary ?? "")")
    }

    @Test(.scratchDatabase) func `is gone on with: what it read is not read again, and what changed since is`()
        async throws
    {
        let nights = try await Nights(try ScratchDatabase.current)
        try await nights.run(Self.tables)
        try await stopped(nights)
        let repository = nights.repository
        #expect(try repository.repository.backups().isEmpty)
        let left = try UnfinishedRuns(repository.writer).runs()
        #expect(left.count == 1)

        // Some of these were read, some were not.
        try await nights.run(
            """
            update public.t1 set note = 'other' where n = 2500; update public.t2 set note = 'other' where n = 2999;
            delete from public.t3 where n between 2000 and 2010; insert into public.t4 values (5000, 'new', 'new');
            truncate public.t5;
            """)
        let second = try await nights.night("after the stop")
        let summary = try second.summary()
        #expect(summary.comparedWith == left.first?.description)
        #expect(summary.comparison == .identity)
        #expect(summary.pagesKept > 0)
        #expect(summary.reason?.contains("ended early") == true)
        #expect(second.previous == nil)
        #expect(try UnfinishedRuns(repository.writer).runs().isEmpty)
        #expect(second.objects.contains { $0.run == left.first })

        let third = try await nights.night("as always")
        #expect(third.previous == second.backup)
        #expect(try third.summary().comparedWith == second.backup)
        let full = try await nights.night("everything", full: true)
        let (some, all) = (second.surroundings.bytesReceived, full.surroundings.bytesReceived)
        // A table was truncated, so that all is 5 MB; at least two of those that were read stayed.
        #expect(some < all - 1_800_000, "\(some) of \(all)")
    }

    @Test(.scratchDatabase) func `is gone on with by one that ends early too`() async throws {
        let nights = try await Nights(try ScratchDatabase.current)
        try await nights.run(Self.tables)
        try await stopped(nights, budget: 3_500_000)
        try await nights.run("update public.t1 set note = 'other' where n = 2999")
        // The month's budget counts what the first one received.
        try await stopped(nights, budget: 6_500_000)
        #expect(try UnfinishedRuns(nights.repository.writer).runs().count == 2)
        let whole = try await nights.night("after two")
        let summary = try whole.summary()
        #expect(summary.pagesKept > summary.pagesRead, "\(summary)")
        #expect(try UnfinishedRuns(nights.repository.writer).runs().isEmpty)
    }

    @Test(.scratchDatabase) func `after a backup keeps what both have`() async throws {
        let nights = try await Nights(try ScratchDatabase.current)
        try await nights.run(Self.tables)
        let first = try await nights.night("first")
        for table in ["t1", "t2", "t3", "t4", "t5"] {
            try await nights.run(
                "update public.\(table) set body = (select string_agg(md5(random()::text || n || m), '') "
                    + "from generate_series(1, 400) m) where n <= 80; update public.\(table) set note = note || 'x'")
        }
        try await stopped(nights, budget: first.surroundings.bytesReceived + 3_500_000)
        try await nights.run("update public.t6 set note = 'other' where n = 1")
        let second = try await nights.night("second")
        #expect(second.previous == first.backup)
        #expect(second.objects.contains { $0.run.description == first.backup })
        #expect(try second.summary().comparedWith != first.backup)
        _ = try await nights.night("third")
    }

    @Test(.scratchDatabase) func `that read everything once more does not stand in the place of the last backup`()
        async throws
    {
        let nights = try await Nights(try ScratchDatabase.current)
        try await nights.run(Self.tables)
        let first = try await nights.night("first")
        let budget = first.surroundings.bytesReceived + 4_000_000
        await #expect(throws: BackupError.self) {
            try await nights.repository.backUp(
                nights.source, jobs: 1, full: true, load: ServerLoad(), egressBudget: budget)
        }
        #expect(try UnfinishedRuns(nights.repository.writer).runs().isEmpty)
        let second = try await nights.night("second")
        #expect(try second.summary().comparedWith == first.backup)
        #expect(try second.summary().pagesRead == 0)
    }

    @Test(.scratchDatabase) func `of another database, or whose objects are gone, costs nothing but its gain`()
        async throws
    {
        let scratch = try ScratchDatabase.current
        let nights = try await Nights(scratch)
        try await nights.run(Self.tables)
        try await stopped(nights)
        let writer = nights.repository.writer
        let store = writer.repository.store
        let other = try await Nights(scratch.emptyDatabase(), scratch, into: nights.repository)
        #expect(try await other.night("another database").summary().comparison == ReadingSummary.Comparison.none)
        #expect(try UnfinishedRuns(writer).runs().count == 1)
        let named = try Set(
            BackupCatalog(repository: writer.repository, access: writer).list().flatMap(\.objects).map(\.name))
        for entry in try store.list("chunks/") where !named.contains(entry.name) { try store.delete(entry.name) }
        let whole = try await nights.night("objects are gone")
        #expect(try whole.summary().pagesKept == 0)
    }

    @Test(.scratchDatabase) func `leaves nothing for others when its rows are in doubt`() async throws {
        let nights = try await Nights(try ScratchDatabase.current)
        try await nights.run(Self.tables)
        let work = UnfinishedWork()
        let writer = try nights.repository.writer.beginRun()
        let doubt = BackupError(code: "backup.types-changed", summary: "", failureClass: .locked)
        #expect(!work.leave(in: writer, after: doubt))
        #expect(!work.leave(in: writer, after: CancellationError()))
        #expect(try UnfinishedRuns(nights.repository.writer).runs().isEmpty)
    }
}
