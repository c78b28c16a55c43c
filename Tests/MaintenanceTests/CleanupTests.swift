import Diagnostics
import Maintenance
import PostgresClient
import PostgresTesting
import Testing

@Suite("Expired rows", .tags(.server))
struct CleanupTests {
    /// One row just over each border, one exactly on it, and one within.
    private func fill(_ bench: Bench) async throws {
        let user = try await bench.user()
        try await bench.session.executeScript(
            """
            create temp table edge (expires timestamptz, ninety timestamptz, year timestamptz, name text);
            insert into edge
            select n + d, n - interval '2160 hours' + d, n - interval '8760 hours' + d, d::text
            from (select timestamptz '\(Bench.now)' as n) x,
                 unnest(array[interval '-1 microsecond', interval '0', interval '1 microsecond']) d;
            insert into public.audio_cache (cache_key, audio_base64, expires_at) select name, 'AAAA', expires from edge;
            insert into public.pam_analytics_logs (message, created_at) select name, ninety from edge;
            insert into public.user_active_sessions (user_id, session_id, expires_at)
              select '\(user)'::uuid, name, expires from edge union all select '\(user)'::uuid, 'never', null;
            insert into public.pam_conversation_memory (user_id, message_sequence, user_message, created_at, expires_at)
              select '\(user)'::uuid, 1, 'expires ' || name, '\(Bench.now)', expires from edge
              union all select '\(user)'::uuid, 2, 'old ' || name, year, null from edge;
            insert into public.active_recommendations (user_id, recommendation_type, title, expires_at)
              select '\(user)'::uuid, 'trip', name, expires from edge union all select '\(user)'::uuid, 'trip', 'never', null;
            """)
    }

    private let expected = [
        "audio_cache": 1, "pam_analytics_logs": 1, "user_active_sessions": 1, "pam_conversation_memory": 2,
        "active_recommendations": 1,
    ]

    @Test(.appDatabase) func `a row goes when its time is over, not when it is exactly now`() async throws {
        let bench = try await Bench()
        try await fill(bench)
        let report = try await bench.run(.cleanupExpired)
        #expect(report.outcome == .done)
        #expect(report.byTable == expected)
        #expect(try await bench.count("audio_cache") == 2)
        #expect(try await bench.count("pam_analytics_logs") == 2)
        #expect(try await bench.count("user_active_sessions") == 3)
        #expect(try await bench.count("pam_conversation_memory") == 4)
        #expect(try await bench.count("active_recommendations") == 3)
        let kept = try await bench.value("select string_agg(cache_key, ' ' order by cache_key) from public.audio_cache")
        #expect(kept == "00:00:00 00:00:00.000001")
    }

    @Test(.appDatabase) func `a dry run counts exactly what a run removes, and a second run removes nothing`()
        async throws
    {
        let bench = try await Bench()
        try await fill(bench)
        let dry = try await bench.run(.cleanupExpired) { $0.isDryRun = true }
        #expect(dry.outcome == .dryRun)
        #expect(dry.byTable == expected)
        #expect(try await bench.count("audio_cache") == 3)
        #expect(try await bench.run(.cleanupExpired).rows == 6)
        #expect(try await bench.run(.cleanupExpired).rows == 0)
    }

    @Test(.appDatabase) func `without a given time the server's clock counts`() async throws {
        let bench = try await Bench()
        try await bench.session.executeScript(
            """
            insert into public.audio_cache (cache_key, audio_base64, expires_at)
            values ('over', 'A', clock_timestamp() - interval '1 s'), ('not yet', 'A', clock_timestamp() + interval '1 h')
            """)
        let report = try await bench.run(.cleanupExpired) { $0.now = nil }
        #expect(report.byTable["audio_cache"] == 1)
        #expect(try await bench.value("select cache_key from public.audio_cache") == "not yet")
    }

    @Test(.appDatabase) func `a table that is not there is named with its migration, and other jobs go on`()
        async throws
    {
        let bench = try await Bench()
        try await bench.session.executeScript("drop table public.audio_cache")
        let reports = try await bench.run([.cleanupExpired, .expireTrials])
        #expect(reports.map(\.outcome) == [.failed, .done])
        #expect(reports[0].codes == ["maintenance.table-missing"])
        let message = reports[0].findings.first?.message ?? ""
        #expect(message.contains("migrations/20260103000100_expiring_content.sql"))
    }

    @Test(.appDatabase) func `the limits of a run leave the rest for the next one and say so`() async throws {
        let bench = try await Bench()
        try await bench.session.executeScript(
            """
            insert into public.audio_cache (cache_key, audio_base64, expires_at)
            select n::text, 'A', timestamptz '\(Bench.now)' - interval '1 day' from generate_series(1, 250) n
            """)
        let report = try await bench.run(.cleanupExpired) {
            $0.batchSize = 30
            $0.maximumRows = 100
        }
        #expect(report.outcome == .stopped)
        #expect(report.tables.first?.rows == 100 && report.tables.first?.left == 150)
        #expect(try await bench.count("audio_cache") == 150)
        let timed = try await bench.run(.cleanupExpired) { $0.maximumDuration = .zero }
        #expect(timed.outcome == .stopped && timed.rows == 0)
        #expect(try await bench.run(.cleanupExpired).rows == 150)
    }

    @Test(.appDatabase) func `a role that row level security binds is refused instead of seeing nothing to do`()
        async throws
    {
        let bench = try await Bench()
        let role = "keeper_\(bench.scratch.name)"
        let admin = try await bench.scratch.superuserSession()
        try await admin.executeScript(
            """
            create role \(role) login; grant connect on database \(bench.scratch.name) to \(role);
            grant usage on schema public to \(role); grant all on all tables in schema public to \(role);
            """)
        var options = MaintenanceOptions()
        options.now = Bench.now
        let runner = MaintenanceRunner(settings: bench.scratch.settings(as: role), options: options)
        let reports = try await runner.run([.cleanupExpired])
        try await admin.executeScript("drop owned by \(role); drop role \(role)")
        #expect(reports[0].outcome == .failed)
        #expect(reports[0].codes == ["postgres.42501"])
    }
}

@Suite("Trials and old analytics", .tags(.server))
struct ExpiryTests {
    @Test(.appDatabase) func `a trial ends by the subscription's date, or by the profile's where it has none`()
        async throws
    {
        let bench = try await Bench()
        let rows = [
            ("trial", "'-1 s'", "null", "expired"), ("trial", "'0'", "null", "trial"),
            ("trial", "null", "'-1 s'", "expired"),
            ("trial", "null", "'1 s'", "trial"), ("trial", "'1 d'", "'-1 d'", "trial"),
            ("active", "'-1 d'", "null", "active"),
            ("cancelled", "'-1 d'", "null", "cancelled"), ("trial", "null", "null", "trial"),
        ]
        for (index, row) in rows.enumerated() {
            let user = try await bench.user(index + 1)
            try await bench.session.executeScript(
                """
                insert into public.user_subscriptions (user_id, plan_type, subscription_status, trial_ends_at)
                values ('\(user)', 'free_trial', '\(row.0)', timestamptz '\(Bench.now)' + interval \(row.1));
                update public.profiles set trial_end_date = timestamptz '\(Bench.now)' + interval \(row.2)
                where id = '\(user)'
                """.replacing("interval null", with: "null::interval"))
        }
        #expect(try await bench.run(.expireTrials) { $0.isDryRun = true }.rows == 2)
        #expect(try await bench.run(.expireTrials).rows == 2)
        let states = try await bench.session.query(
            "select subscription_status, status from public.user_subscriptions order by user_id")
        #expect(states.map { $0[0] } == rows.map(\.3))
        #expect(states.map { $0[1] } == rows.map { $0.3 == "expired" ? "expired" : "active" })
        #expect(try await bench.run(.expireTrials).rows == 0)
    }

    @Test(.appDatabase) func `analytics go when they are older than 90 days, to the microsecond`() async throws {
        let bench = try await Bench()
        let user = try await bench.user()
        try await bench.session.executeScript(
            """
            create temp table edge as
            select timestamptz '\(Bench.now)' - interval '2160 hours' + d as moment
            from unnest(array[interval '-1 microsecond', interval '0', interval '1 microsecond']) d;
            insert into public.pam_analytics_logs (created_at) select moment from edge;
            insert into public.usage_events (user_id, event_type, created_at) select '\(user)', 'page', moment from edge;
            insert into public.analytics_sessions (user_id, session_start) select '\(user)', moment from edge;
            insert into public.daily_usage_stats (date) select distinct (moment at time zone 'UTC')::date from edge;
            """)
        let dry = try await bench.run(.purgeAnalytics) { $0.isDryRun = true }
        let report = try await bench.run(.purgeAnalytics)
        #expect(report.byTable == ["pam_analytics_logs": 1, "usage_events": 1, "analytics_sessions": 1])
        #expect(dry.byTable == report.byTable)
        for table in report.byTable.keys { #expect(try await bench.count(table) == 2) }
        #expect(try await bench.run(.purgeAnalytics).rows == 0)
    }

    @Test(.appDatabase) func `events of a day that nobody has counted stay until it is counted`() async throws {
        let bench = try await Bench()
        let user = try await bench.user()
        try await bench.session.executeScript(
            """
            insert into public.usage_events (user_id, event_type, created_at)
            values ('\(user)', 'page', timestamptz '\(Bench.now)' - interval '100 days')
            """)
        let before = try await bench.run(.purgeAnalytics)
        #expect(before.rows == 0)
        #expect(before.codes == ["maintenance.uncounted-events"])
        let reports = try await bench.run([.rollupDailyUsage, .purgeAnalytics])
        #expect(reports[1].byTable["usage_events"] == 1)
        #expect(reports[1].findings.isEmpty)
        #expect(try await bench.value("select total_events from public.daily_usage_stats") == "1")
        #expect(try await bench.run(.rollupDailyUsage).rows == 0)
    }
}
