import Maintenance
import PostgresClient
import PostgresTesting
import Testing

@Suite("Usage by day and week", .tags(.server))
struct DailyUsageTests {
    private func insert(_ bench: Bench, _ rows: String) async throws {
        try await bench.session.executeScript(
            "insert into public.usage_events (user_id, event_type, cost_estimate, created_at) values \(rows)")
    }

    private func stats(_ bench: Bench) async throws -> [String] {
        try await bench.session.query(
            """
            select date || ' ' || unique_users || ' ' || total_events || ' ' || total_tool_calls || ' ' || estimated_cost
            from public.daily_usage_stats order by date
            """
        ).map { $0[0] ?? "" }
    }

    @Test(.appDatabase) func `days that are over are counted by UTC, today is not`() async throws {
        let bench = try await Bench()
        let (one, two) = (try await bench.user(1), try await bench.user(2))
        try await insert(
            bench,
            """
            ('\(one)', 'tool_call', 0.5, '2026-06-15 00:00:00+00'), ('\(one)', 'page', 0, '2026-06-15 23:59:59.999999+00'),
            ('\(two)', 'tool_call', 0.25, '2026-06-16 01:30:00+02'), ('\(two)', 'page', 1, '2026-06-16 00:00:00+00'),
            ('\(two)', 'page', 1, '2026-06-17 00:00:00+00')
            """)
        let dry = try await bench.run(.rollupDailyUsage) { $0.isDryRun = true }
        #expect(dry.byTable == ["daily_usage_stats": 2, "user_activity": 2])
        #expect(try await stats(bench).isEmpty)
        #expect(try await bench.run(.rollupDailyUsage).byTable == dry.byTable)
        #expect(try await stats(bench) == ["2026-06-15 2 3 2 0.7500", "2026-06-16 1 1 0 1.0000"])
        let activity = try await bench.session.query(
            "select first_seen || ' ' || last_seen from public.user_activity order by user_id")
        #expect(activity.map { $0[0] } == ["2026-06-15 2026-06-15", "2026-06-15 2026-06-16"])
        #expect(try await bench.run(.rollupDailyUsage).rows == 0)
    }

    @Test(.appDatabase) func `the time zone of the session changes nothing`() async throws {
        let bench = try await Bench()
        let user = try await bench.user()
        try await insert(bench, "('\(user)', 'page', 0, '2026-06-15 23:30:00+00')")
        let settings = bench.scratch.settings.setting("options", to: "-c TimeZone=Australia/Sydney")
        var options = MaintenanceOptions()
        options.now = Bench.now
        _ = try await MaintenanceRunner(settings: settings, options: options).run([.rollupDailyUsage])
        #expect(try await stats(bench) == ["2026-06-15 1 1 0 0.0000"])
    }

    @Test(.appDatabase) func `events that come late count their day again, and only that`() async throws {
        let bench = try await Bench()
        let user = try await bench.user()
        try await insert(
            bench, "('\(user)', 'page', 0, '2026-06-10 10:00+00'), ('\(user)', 'page', 0, '2026-06-11 10:00+00')")
        _ = try await bench.run(.rollupDailyUsage)
        try await insert(
            bench, "('\(user)', 'tool_call', 2, '2026-06-10 23:00+00'), ('\(user)', 'page', 0, '2026-06-01+00')")
        let again = try await bench.run(.rollupDailyUsage)
        #expect(again.byTable == ["daily_usage_stats": 2, "user_activity": 1])
        #expect(
            try await stats(bench) == ["2026-06-01 1 1 0 0.0000", "2026-06-10 1 2 1 2.0000", "2026-06-11 1 1 0 0.0000"])
    }

    @Test(.appDatabase) func `a day that is partly purged is never counted again`() async throws {
        let bench = try await Bench()
        let user = try await bench.user()
        // Ninety days before now is noon of 2026-03-19.
        try await insert(
            bench, "('\(user)', 'page', 0, '2026-03-19 10:00+00'), ('\(user)', 'page', 0, '2026-03-19 14:00+00')")
        _ = try await bench.run([.rollupDailyUsage], now: "2026-06-16 12:00+00")
        let reports = try await bench.run([.purgeAnalytics, .rollupDailyUsage])
        #expect(reports[0].byTable["usage_events"] == 1)
        #expect(reports[1].rows == 0)
        #expect(try await stats(bench) == ["2026-03-19 1 2 0 0.0000"])
    }

    @Test(.appDatabase) func `users are noted in batches`() async throws {
        let bench = try await Bench()
        for number in 1...7 {
            try await insert(bench, "('\(try await bench.user(number))', 'page', 0, '2026-06-1\(number % 5) 10:00+00')")
        }
        let report = try await bench.run(.rollupDailyUsage) { $0.batchSize = 2 }
        #expect(report.byTable["user_activity"] == 7)
        #expect(try await bench.count("user_activity") == 7)
    }

    @Test(.appDatabase) func `a week's report counts who came back, and changes nothing`() async throws {
        let bench = try await Bench()
        let (one, two, three) = (try await bench.user(1), try await bench.user(2), try await bench.user(3))
        try await insert(
            bench,
            """
            ('\(one)', 'page', 0, '2026-06-01 00:00+00'), ('\(two)', 'page', 0, '2026-06-07 23:59:59+00'),
            ('\(one)', 'page', 0, '2026-06-08 00:00+00'), ('\(one)', 'page', 0, '2026-06-09 00:00+00'),
            ('\(one)', 'page', 0, '2026-06-17 12:00:01+00')
            """)
        try await bench.session.executeScript(
            """
            update public.profiles set created_at = '2026-06-02+00';
            insert into public.user_trips (user_id, title, created_at) values ('\(three)', 'Big Lap', '2026-06-16+00');
            insert into public.expenses (user_id, amount, category, created_at) values ('\(three)', 1, 'fuel', '2026-06-16+00');
            insert into public.pam_conversations (id, user_id, session_id)
            values ('00000000-0000-4000-8000-0000000000aa', '\(two)', 's');
            insert into public.pam_messages (conversation_id, role, content, created_at) values
              ('00000000-0000-4000-8000-0000000000aa', 'user', 'hello', '2026-06-15+00'),
              ('00000000-0000-4000-8000-0000000000aa', 'assistant', 'hello', '2026-06-15+00');
            """)
        let report = try await bench.run(.engagementWeekly) { $0.weeks = 3 }
        #expect(report.tables.isEmpty && report.outcome == .done)
        #expect(report.weeks.map(\.week) == ["2026-06-01", "2026-06-08", "2026-06-15"])
        #expect(report.weeks.map(\.activeUsers) == [2, 1, 2])
        #expect(report.weeks.map(\.newUsers) == [3, 0, 0])
        #expect(report.weeks.map(\.returningUsers) == [0, 1, 0])
        #expect(report.weeks.map(\.retention) == [nil, 0.5, 0])
        #expect(report.weeks.map(\.messages) == [0, 0, 1])
        #expect(report.weeks.map(\.trips) == [0, 0, 1])
        #expect(report.weeks.map(\.expenses) == [0, 0, 1])
        #expect(report.weeks.map(\.isRunning) == [false, false, true])
    }
}
