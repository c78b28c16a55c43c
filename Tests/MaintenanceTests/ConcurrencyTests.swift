import Diagnostics
import Maintenance
import PostgresClient
import PostgresTesting
import Synchronization
import Testing

@Suite("Jobs beside others", .tags(.server))
struct ConcurrencyTests {
    private func fill(_ bench: Bench, _ rows: Int) async throws {
        try await bench.session.executeScript(
            """
            insert into public.audio_cache (cache_key, audio_base64, expires_at)
            select n::text, 'A', timestamptz '\(Bench.now)' - interval '1 day' from generate_series(1, \(rows)) n
            """)
    }

    @Test(.appDatabase) func `rows that another session holds are left for the next run, without waiting`() async throws
    {
        let bench = try await Bench()
        try await fill(bench, 100)
        let holder = try await bench.scratch.session()
        try await holder.executeScript(
            "begin; select 1 from public.audio_cache where cache_key in ('5', '50', '95') for update")
        let begin = ContinuousClock.now
        let report = try await bench.run(.cleanupExpired) { $0.batchSize = 10 }
        #expect(.now - begin < .seconds(20))
        #expect(report.outcome == .done)
        #expect(report.tables.first?.rows == 97 && report.tables.first?.left == 3)
        #expect(report.codes == ["maintenance.rows-held"])
        try await holder.executeScript("rollback")
        #expect(try await bench.run(.cleanupExpired).rows == 3)
    }

    @Test(.appDatabase) func `a row that is prolonged while the job runs stays`() async throws {
        let bench = try await Bench()
        try await fill(bench, 60)
        let other = try await bench.scratch.session()
        let prolonged = Mutex(false)
        let reports = try await bench.run(
            [.cleanupExpired],
            onEvent: { _ in prolonged.withLock { $0 = true } },
            {
                $0.batchSize = 10
                $0.pause = .milliseconds(50)
            })
        #expect(prolonged.withLock { $0 })
        #expect(reports[0].rows == 60)
        try await fill(bench, 40)
        async let running = bench.run(.cleanupExpired) {
            $0.batchSize = 1
            $0.pause = .milliseconds(20)
        }
        var kept = 0
        for _ in 0..<200 where kept == 0 {
            kept = try await other.execute(
                """
                update public.audio_cache set expires_at = timestamptz '2026-07-01+00', hit_count = 1
                where ctid in (select ctid from public.audio_cache order by ctid desc limit 3 for update skip locked)
                """)
        }
        let report = try await running
        #expect(kept == 3)
        #expect(report.rows == 37)
        #expect(try await bench.value("select count(*) from public.audio_cache where hit_count = 1") == "3")
    }

    @Test(.appDatabase) func `rows inserted while the job runs are not lost`() async throws {
        let bench = try await Bench()
        try await fill(bench, 200)
        let other = try await bench.scratch.session()
        async let running = bench.run(.cleanupExpired) { $0.batchSize = 5 }
        for number in 0..<200 {
            try await other.execute(
                "insert into public.audio_cache (cache_key, audio_base64, expires_at) values (\("new \(number)"), 'A', '2027-01-01+00')"
            )
        }
        #expect(try await running.rows == 200)
        #expect(try await bench.count("audio_cache") == 200)
    }

    @Test(.appDatabase) func `a table that is locked fails its job after a few tries, and other jobs go on`()
        async throws
    {
        let bench = try await Bench()
        try await fill(bench, 10)
        let holder = try await bench.scratch.session()
        try await holder.executeScript("begin; lock table public.audio_cache in share mode")
        let retries = Mutex(0)
        let reports = try await bench.run(
            [.cleanupExpired, .expireTrials],
            onEvent: { if case .retrying = $0 { retries.withLock { $0 += 1 } } },
            { $0.lockTimeout = .milliseconds(50) })
        #expect(reports.map(\.outcome) == [.failed, .done])
        #expect(reports[0].codes == ["postgres.55P03"])
        #expect(retries.withLock { $0 } == 3)
        try await holder.executeScript("rollback")
        #expect(try await bench.run(.cleanupExpired).rows == 10)
    }

    @Test(.appDatabase) func `two runs of one job exclude each other, and the second names the first`() async throws {
        let bench = try await Bench()
        try await fill(bench, 50)
        let second = Mutex<Task<[JobReport], any Error>?>(nil)
        let scratch = bench.scratch
        let first = try await bench.run(
            [.cleanupExpired],
            onEvent: { event in
                guard case .progress(_, _, 10, _) = event else { return }
                second.withLock { second in
                    second = Task {
                        try await MaintenanceRunner(settings: scratch.settings).run([.cleanupExpired, .expireTrials])
                    }
                }
            },
            {
                $0.batchSize = 10
                $0.pause = .milliseconds(300)
            })
        let reports = try await second.withLock { $0 }?.value ?? []
        #expect(first[0].rows == 50)
        #expect(reports.map(\.outcome) == [.locked, .done])
        #expect(reports.first?.findings.first?.message.contains("wheels-db/maintain, process ") == true)
        #expect(try await bench.run(.cleanupExpired).outcome == .done)
    }

    @Test(.appDatabase) func `a connection that is cut leaves whole batches, and the lock free`() async throws {
        let bench = try await Bench()
        try await fill(bench, 1_000)
        let admin = try await bench.scratch.superuserSession()
        let (cuts, cut) = AsyncStream<Void>.makeStream()
        async let killer: Void = {
            for await _ in cuts {
                _ = try await admin.query(
                    """
                    select pg_terminate_backend(pid) from pg_stat_activity
                    where application_name = 'wheels-db/maintain' and datname = \(bench.scratch.name)
                    """)
                return
            }
        }()
        await #expect(throws: (any Error).self) {
            _ = try await bench.run(
                [.cleanupExpired],
                onEvent: { if case .progress(_, _, 70, _) = $0 { cut.yield() } },
                {
                    $0.batchSize = 7
                    $0.pause = .milliseconds(5)
                })
        }
        cut.finish()
        try await killer
        let left = try await bench.count("audio_cache")
        #expect(left < 1_000 && (1_000 - left) % 7 == 0)
        #expect(try await bench.run(.cleanupExpired).rows == left)
    }

    @Test(.appDatabase) func `the batch finds its rows by their place and never reads the whole table again`()
        async throws
    {
        let bench = try await Bench()
        try await fill(bench, 5_000)
        try await bench.session.executeScript(
            """
            insert into public.audio_cache (cache_key, audio_base64, expires_at)
            select 'kept ' || n, 'A', '2027-01-01+00' from generate_series(1, 50000) n;
            analyze public.audio_cache
            """)
        let change = try await bench.plan()
        #expect(change.contains("Tid Scan on audio_cache"), "\(change)")
        #expect(!change.contains("Seq Scan"), "\(change)")
    }
}
