/// Every table that is seeded.
///
/// A new one is one file under `Tables/` and its name here.
public enum SeedCatalog: Sendable {
    /// The tables by subject; the order of loading comes from the database's foreign keys.
    public static let tables: [SeedTable] = [
        .authUsers, .authIdentities,
        .profiles, .userSettings, .adminUsers, .userSubscriptions, .userActiveSessions, .systemSettings, .auditLogs,
        .userTrips, .tripRoutes, .tripWaypoints, .tripExpenses, .tripTemplates, .tripTemplateRatings, .groupTrips,
        .groupTripParticipants, .campingLocations,
        .vehicles, .fuelLog, .maintenanceRecords,
        .expenses, .budgets, .incomeEntries, .transactionCategories, .anonymizedTransactions, .pamSavingsEvents,
        .pamConversations, .pamMessages, .pamConversationMemory, .pamUserContext, .memories, .pamAnalyticsLogs,
        .agentLogs,
        .socialGroups, .socialGroupMembers, .socialPosts, .postVotes, .postComments, .userFriendships,
        .marketplaceListings, .affiliateProducts, .affiliateProductClicks, .affiliateSales,
        .calendarEvents, .supportTickets, .healthCheck,
        .usageEvents, .dailyUsageStats, .userActivity, .analyticsSessions, .audioCache, .activeRecommendations,
        .healthCheckHistory, .healthCheckAlerts,
    ]
}
