/// Rows whose time is over, by job.
///
/// A time that is exactly now, or exactly 90 days ago, is not over yet.
enum ExpiredRows: Sendable {
    /// Days as hours: no change of summer time moves the border.
    private static let ninetyDays = "interval '2160 hours'"
    private static let year = "interval '8760 hours'"

    /// What ``MaintenanceJob/cleanupExpired`` removes.
    static let cleanup: [BatchedChange] = [
        .delete(from: "audio_cache", where: "t.expires_at < $1::timestamptz"),
        .delete(from: "pam_analytics_logs", where: olderThan90Days("created_at")),
        .delete(from: "user_active_sessions", where: "t.expires_at < $1::timestamptz"),
        .delete(
            from: "pam_conversation_memory",
            where: "(t.expires_at < $1::timestamptz or t.created_at < $1::timestamptz - \(year))"),
        .delete(from: "active_recommendations", where: "t.expires_at < $1::timestamptz"),
    ]

    /// What ``MaintenanceJob/purgeAnalytics`` removes.
    static let analytics: [BatchedChange] = [
        .delete(from: "pam_analytics_logs", where: olderThan90Days("created_at")),
        .delete(
            from: "usage_events",
            where: olderThan90Days("created_at") + """
                 and exists (select from public.daily_usage_stats s
                             where s.date = (t.created_at at time zone 'UTC')::date)
                """),
        .delete(from: "analytics_sessions", where: olderThan90Days("session_start")),
    ]

    /// Events whose day nobody has counted yet: they stay.
    static let uncountedEvents = BatchedChange.delete(
        from: "usage_events",
        where: olderThan90Days("created_at") + """
             and not exists (select from public.daily_usage_stats s
                             where s.date = (t.created_at at time zone 'UTC')::date)
            """)

    private static func olderThan90Days(_ column: String) -> String {
        "t.\(column) < $1::timestamptz - \(ninetyDays)"
    }
}

/// Trials that are over: by the subscription's own date, or by the profile's where it has none.
enum EndedTrials: Sendable {
    static let change = BatchedChange(
        table: "user_subscriptions",
        action: .update,
        condition: """
            t.subscription_status = 'trial'
              and (t.trial_ends_at < $1::timestamptz or t.trial_ends_at is null and p.trial_end_date < $1::timestamptz)
            """,
        join: "left join public.profiles p on p.id = t.user_id",
        // `status` is the older twin that some of the app still reads.
        assignments: "subscription_status = 'expired', status = 'expired'"
    )
}
