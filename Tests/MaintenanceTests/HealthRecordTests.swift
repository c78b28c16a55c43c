import Maintenance
import PostgresClient
import PostgresTesting
import Testing

@Suite("Recorded health", .tags(.server))
struct HealthRecordTests {
    private let well = [
        HealthTest(name: "database", state: "connected", duration: .milliseconds(12)),
        HealthTest(name: "migrations", state: "current"),
    ]
    private let ill = [
        HealthTest(name: "database", state: "connected"),
        HealthTest(name: "migrations", state: "2 pending", problem: "2 are not applied."),
    ]

    @Test(.appDatabase) func `one row says how it is now, and each test leaves one of history`() async throws {
        let bench = try await Bench()
        let first = try await bench.run(.recordHealth, tests: well)
        #expect(first.byTable == ["health_check": 1, "health_check_history": 2, "health_check_alerts": 0])
        _ = try await bench.run(.recordHealth, tests: ill, now: "2026-06-17 12:05+00")
        let now = try await bench.session.query(
            "select service_name, status, checked_at = '2026-06-17 12:05+00', details->>'migrations' from public.health_check"
        )
        #expect(now.map { [$0[0], $0[1], $0[2], $0[3]] } == [["wheels-db", "degraded", "t", "2 pending"]])
        let history = try await bench.session.query(
            """
            select test_name || ' ' || status || ' ' || duration_ms || ' ' || coalesce(message, '-')
            from public.health_check_history order by "timestamp", test_name
            """
        ).map { $0[0] ?? "" }
        #expect(
            history == [
                "database pass 12 -", "migrations pass 0 -", "database pass 0 -",
                "migrations fail 0 2 are not applied.",
            ])
    }

    @Test(.appDatabase) func `an alert is written when the state changes, not each time`() async throws {
        let bench = try await Bench()
        for (minute, tests) in [well, ill, ill, ill, well, well].enumerated() {
            _ = try await bench.run(.recordHealth, tests: tests, now: "2026-06-17 12:0\(minute)+00")
        }
        let alerts = try await bench.session.query(
            "select status || ' ' || failed_tests::text from public.health_check_alerts order by created_at")
        #expect(alerts.map { $0[0] } == ["degraded {migrations}", "healthy {}"])
    }

    @Test(.appDatabase) func `history is forgotten after 30 days, alerts after a year`() async throws {
        let bench = try await Bench()
        try await bench.session.executeScript(
            """
            insert into public.health_check_history (test_name, status, duration_ms, "timestamp")
            select 'x', 'pass', 1, timestamptz '\(Bench.now)' - interval '720 hours' - d
            from unnest(array[interval '0', interval '1 microsecond']) d;
            insert into public.health_check_alerts (status, created_at)
            select 'healthy', timestamptz '\(Bench.now)' - interval '8760 hours' - d
            from unnest(array[interval '0', interval '1 microsecond']) d;
            """)
        let dry = try await bench.run(.recordHealth, tests: well) { $0.isDryRun = true }
        #expect(dry.rows == 1 + 2 + 0 + 1 + 1)
        #expect(try await bench.count("health_check") == 0)
        #expect(try await bench.run(.recordHealth, tests: well).rows == dry.rows)
        #expect(try await bench.count("health_check_history") == 3)
        #expect(try await bench.count("health_check_alerts") == 1)
    }

    @Test(.appDatabase) func `a name with a quote or a comma in it is stored as it is`() async throws {
        let bench = try await Bench()
        let odd = HealthTest(name: "a\"b,c}\\d", state: "x", problem: "y")
        for _ in 0..<2 { _ = try await bench.run(.recordHealth, tests: [odd]) }
        #expect(try await bench.value("select failed_tests[1] from public.health_check_alerts") == odd.name)
        #expect(try await bench.count("health_check_alerts") == 1)
    }
}
