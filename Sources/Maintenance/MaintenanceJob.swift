/// A job that keeps the database small, true and watched.
public enum MaintenanceJob: String, Sendable, CaseIterable, Codable {
    /// Removes what has expired.
    case cleanupExpired = "cleanup_expired"
    /// Ends trials whose time is over.
    case expireTrials = "expire_trials"
    /// Counts usage events by day.
    case rollupDailyUsage = "rollup_daily_usage"
    /// Reports how users came back, by week; changes nothing.
    case engagementWeekly = "engagement_weekly"
    /// Stores how health tests went.
    case recordHealth = "record_health"
    /// Removes analytics older than 90 days.
    case purgeAnalytics = "purge_analytics_90d"

    /// What it does, in one sentence.
    public var summary: String {
        switch self {
        case .cleanupExpired: "Remove expired audio, sessions, memory and recommendations, and analytics over 90 days."
        case .expireTrials: "Set subscriptions whose trial is over to expired."
        case .rollupDailyUsage: "Count usage events by UTC day; late events count their day again."
        case .engagementWeekly: "Report active users, their return and what they did, by week; changes nothing."
        case .recordHealth: "Store how health tests went, and an alert when the state changed."
        case .purgeAnalytics: "Remove analytics older than 90 days; events only of days that are counted."
        }
    }

    /// How often it is meant to run.
    public var period: String {
        switch self {
        case .cleanupExpired, .expireTrials: "hourly"
        case .rollupDailyUsage, .purgeAnalytics: "daily"
        case .engagementWeekly: "weekly"
        case .recordHealth: "every 5 minutes"
        }
    }

    /// The tables it works on, all in schema public.
    public var tables: [String] {
        switch self {
        case .cleanupExpired:
            [
                "audio_cache", "pam_analytics_logs", "user_active_sessions", "pam_conversation_memory",
                "active_recommendations",
            ]
        case .expireTrials: ["user_subscriptions", "profiles"]
        case .rollupDailyUsage: ["usage_events", "daily_usage_stats", "user_activity"]
        case .engagementWeekly:
            [
                "profiles", "usage_events", "pam_conversations", "pam_messages", "user_trips", "expenses",
                "social_posts",
            ]
        case .recordHealth: ["health_check", "health_check_history", "health_check_alerts"]
        case .purgeAnalytics: ["pam_analytics_logs", "usage_events", "daily_usage_stats", "analytics_sessions"]
        }
    }

    /// The number of its advisory lock.
    var lockNumber: Int32 {
        Int32(Self.allCases.firstIndex(of: self) ?? 0) + 1
    }
}

/// The migration of this project that makes a table.
enum TableOrigin: Sendable {
    static let migrations = [
        "profiles": "20260101000200_identity", "user_subscriptions": "20260101000200_identity",
        "user_active_sessions": "20260101000200_identity", "user_trips": "20260101000300_trips",
        "expenses": "20260101000500_finance", "pam_conversations": "20260101000600_pam",
        "pam_messages": "20260101000600_pam", "pam_conversation_memory": "20260101000600_pam",
        "pam_analytics_logs": "20260101000600_pam", "social_posts": "20260101000700_social",
        "health_check": "20260101000900_calendar_support_health",
        "usage_events": "20260103000000_usage_statistics", "daily_usage_stats": "20260103000000_usage_statistics",
        "user_activity": "20260103000000_usage_statistics",
        "analytics_sessions": "20260103000000_usage_statistics",
        "audio_cache": "20260103000100_expiring_content",
        "active_recommendations": "20260103000100_expiring_content",
        "health_check_history": "20260103000200_health_history",
        "health_check_alerts": "20260103000200_health_history",
    ]
}
