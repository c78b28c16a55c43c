import DataModels
import PostgresTesting
import PostgresTypes
import Testing

@Suite("Models of the calendar, support and operations", .tags(.server))
struct OperationsModelTests {
    static let models: [any KeyedModel.Type] = [
        CalendarEvent.self, SupportTicket.self, HealthCheck.self, HealthCheckHistory.self, HealthCheckAlert.self,
        UsageEvent.self, DailyUsageStats.self, UserActivity.self, AnalyticsSession.self,
    ]

    @Test(.appDatabase) func `calendar and support`() async throws {
        let bench = try await ModelBench()
        let user = try await bench.newUser()
        let (start, end) = (instant("2026-03-01 10:00:00+00"), instant("2026-03-01 11:00:00+00"))
        let event = try await bench.live(
            CalendarEvent.Insert(userID: user, title: "Service", startDate: start, endDate: end)
        ) {
            $0.eventType = .set(.maintenance)
            $0.reminderMinutes = .set([1_440, 15])
            $0.allDay = .set(true)
        } null: {
            $0.reminderMinutes = .null
        }
        #expect(event.inserted.reminderMinutes == [15] && event.inserted.eventType == .personal)
        #expect(event.inserted.startDate == start && event.set.reminderMinutes?.values == [1_440, 15])
        try await bench.live(SupportTicket.Insert(userID: user, subject: "s", message: "m")) {
            $0.status = .set(.inProgress)
            $0.currentPage = .set("/trips")
        } null: {
            $0.currentPage = .null
            $0.status = .null
        }
    }

    @Test(.appDatabase) func `health`() async throws {
        let bench = try await ModelBench()
        try await bench.live(HealthCheck.Insert(details: "true")) {
            $0.status = .set("degraded")
        } null: {
            $0.details = .null
        }
        let history = try await bench.live(
            HealthCheckHistory.Insert(testName: "database", status: .pass, durationMs: 3)
        ) {
            $0.status = .set(.fail)
            $0.message = .set("slow")
        } null: {
            $0.message = .null
        }
        #expect(history.inserted.status == .pass)
        let alert = try await bench.live(HealthCheckAlert.Insert(status: .degraded)) {
            $0.failedTests = .set(["database"])
            $0.message = .set("x")
        } null: {
            $0.message = .null
        }
        #expect(alert.inserted.failedTests == [])
    }

    @Test(.appDatabase) func `usage`() async throws {
        let bench = try await ModelBench()
        let user = try await bench.newUser()
        let event = try await bench.live(UsageEvent.Insert(userID: user, eventType: "page")) {
            $0.costEstimate = .set(PostgresNumeric(1, scale: 4))
            $0.toolName = .set("weather")
        } null: {
            $0.toolName = .null
            $0.metadata = .null
        }
        #expect(event.set.costEstimate.postgresText == "0.0001")
        try await bench.live(DailyUsageStats.Insert(date: day(2026, 1, 1), totalEvents: .max)) {
            $0.uniqueUsers = .set(5)
        } null: {
            $0.createdAt = .null
        }
        try await bench.live(UserActivity.Insert(userID: user, firstSeen: day(2026, 1, 1), lastSeen: day(2026, 1, 2))) {
            $0.lastSeen = .set(day(2026, 1, 3))
        }
        try await bench.live(AnalyticsSession.Insert(userID: user, ipAddress: PostgresInet(address: [10, 0, 0, 1]))) {
            $0.sessionEnd = .set(.infinity)
            $0.bounceRate = .set(100)
        } null: {
            $0.ipAddress = .null
            $0.bounceRate = .null
        }
    }
}
