import Diagnostics
import Foundation
import LocalPostgres
import PostgresClient
import PostgresTesting
import PostgresTypes
import Synchronization
import Testing

@testable import LogicalBackup

@Suite("A backup beside others", .tags(.server))
struct ServerWatchTests {
    /// One table of 2 MB, read at a rate that takes half a minute.
    private static func load(_ pace: ReceivingPace, giveWayAfter: Duration = .seconds(1)) -> ServerLoad {
        var load = ServerLoad(pace: pace, giveWayAfter: giveWayAfter)
        load.lookEvery = .milliseconds(100)
        return load
    }

    private static let table = """
        create table public.wanted as select n, (select string_agg(md5(random()::text || n || m), '')
          from generate_series(1, 31) m) as body from generate_series(1, 2000) n
        """

    @Test(.scratchDatabase) func `gives way to who waits for a table, and says to whom`() async throws {
        let scratch = try ScratchDatabase.current
        let session = try await scratch.session()
        try await session.execute(Query(unsafeSQL: Self.table))
        let pid = try #require(try await session.query("select pg_backend_pid()::text").first?[0])
        let pace = ReceivingPace(rate: 64_000)
        let repository = try ScratchRepository()
        let run = Task { try await repository.backUp(scratch.settings, load: Self.load(pace)) }
        while pace.record.bytes == 0 { try await Task.sleep(for: .milliseconds(10)) }
        let begin = ContinuousClock.now
        try await session.execute("alter table public.wanted add column note text")
        let waited = ContinuousClock.now - begin
        #expect(waited > .milliseconds(900))
        #expect(waited < .seconds(10))
        let error = await #expect(throws: BackupError.self) { try await run.value }
        #expect(error?.code == "backup.in-the-way")
        #expect(error?.failureClass == .locked)
        let summary = error?.summary ?? ""
        for part in ["Process \(pid)", "role postgres", "alter table public.wanted add", "for public.wanted"] {
            #expect(summary.contains(part), "\(summary)")
        }
    }

    @Test(.scratchDatabase) func `gives way to nobody when it was told so`() async throws {
        let scratch = try ScratchDatabase.current
        let session = try await scratch.session()
        try await session.execute(Query(unsafeSQL: Self.table))
        let pace = ReceivingPace(rate: 1_000_000)
        let repository = try ScratchRepository()
        let run = Task {
            try await repository.backUp(scratch.settings, load: Self.load(pace, giveWayAfter: .zero))
        }
        while pace.record.bytes == 0 { try await Task.sleep(for: .milliseconds(10)) }
        try await session.execute("alter table public.wanted add column note text")
        #expect(try await run.value.table("wanted").rows == 2000)
    }

    /// `pg_stat_activity` stands still in a transaction unless it is told to look again.
    @Test(.scratchDatabase) func `sees sessions that come while its transaction is open`() async throws {
        let scratch = try ScratchDatabase.current
        let leader = try await scratch.session()
        try await leader.execute("begin isolation level repeatable read, read only")
        let before = try await ConnectionRules.openSlots(seenBy: leader)
        var others: [Session] = []
        for _ in 0..<5 { others.append(try await scratch.session()) }
        // Other tests connect and leave at the same time.
        let after = try await ConnectionRules.openSlots(seenBy: leader)
        #expect(after < before + 5)
        let isSeen = try await leader.query(
            "select count(*)::text from pg_stat_activity where datname = current_database()")
        #expect(isSeen.first?[0] == "6")
    }

    @Test(.scratchDatabase) func `goes on with one session when slots are short`() async throws {
        let scratch = try ScratchDatabase.current
        let leader = try await scratch.session()
        try await leader.execute("begin")
        let workers = try await SnapshotWorkers.connect(count: 3, settings: scratch.settings, retry: .none)
        let told = Mutex<[String]>([])
        var load = ServerLoad(margin: 10_000)
        load.lookEvery = .milliseconds(20)
        let watch = ServerWatch(leader: leader, load: load) { progress in told.withLock { $0.append(progress.phase) } }
        try await watch.prepare()
        try await watch.begin(workers)
        let done = try await watch.during {
            try await workers.run(Array(1...30)) { work, session in
                try await session.execute("select pg_sleep(0.02)")
                return work
            }
        }
        #expect(done.sorted() == Array(1...30))
        #expect(workers.crew.present.count == 1)
        #expect(told.withLock { $0.count } == 2)
        let left = try await leader.query(
            """
            select count(*)::text from pg_stat_activity
            where datname = current_database() and application_name = 'wheels-db/backup'
            """)
        #expect(left.first?[0] == "1")
        let first = try #require(workers.first)
        #expect(try await first.query("select 1::text").first?[0] == "1")
        // What is left to do is done by the one who is left.
        #expect(try await workers.run([1, 2, 3]) { work, _ in work }.count == 3)
        await workers.close()
    }

    @Test func `ends when nobody else can connect`() async throws {
        let cluster = KeptCluster(folder: "/tmp/wheels-db-test-\(UUID().uuidString)")
        var options = LocalServerOptions()
        options.settings = ["max_connections": "14", "max_wal_senders": "2"]
        do {
            let server = try await cluster.start(binaries: try await ThrowawayServer.binaries, options: options).server
            try await giveUp(on: server)
            try await cluster.remove()
        } catch {
            try? await cluster.remove()
            throw error
        }
    }

    private func giveUp(on server: LocalServer) async throws {
        let settings = server.settings()
        let session = try await Session.connect(to: settings)
        try await session.execute(Query(unsafeSQL: Self.table))
        let pace = ReceivingPace(rate: 64_000)
        let repository = try ScratchRepository()
        let run = Task { try await repository.backUp(settings, load: Self.load(pace)) }
        while pace.record.bytes == 0 { try await Task.sleep(for: .milliseconds(10)) }
        var others = [session]
        while let next = try? await Session.connect(to: settings) { others.append(next) }
        let error = await #expect(throws: BackupError.self) { try await run.value }
        #expect(error?.code == "backup.no-slots", "\(error?.summary ?? "")")
        #expect(error?.failureClass == .noConnectionSlot)
        let another = try await Session.connect(to: settings)
        await another.close()
        for session in others { await session.close() }
    }
}
