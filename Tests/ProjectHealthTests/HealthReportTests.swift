import Foundation
import PostgresClient
import PostgresTesting
import Testing

@testable import ProjectHealth

@Suite("Reports of health")
struct HealthReportTests {
    private static let timestamp = Date(timeIntervalSince1970: 1_767_323_045)

    @Test func `the document of a healthy project has no error`() throws {
        let report = HealthReport(
            timestamp: Self.timestamp,
            services: [.database(latency: .milliseconds(2)), .migrations(pending: 0)], version: "1.2.3")
        #expect(
            try report.json() == """
                {"services":{"database":"connected","migrations":"current"},"status":"healthy",\
                "timestamp":"2026-01-02T03:04:05Z","version":"1.2.3"}

                """)
    }

    @Test func `one service that is not well makes the whole degraded, and the error says which`() throws {
        let report = HealthReport(
            timestamp: Self.timestamp, services: [.database(latency: .zero), .migrations(pending: 2)], version: "1")
        #expect(report.status == .degraded)
        #expect(report.error == "migrations: 2 migrations are not applied: wheels-db migrate up.")
        #expect(try report.json().contains(#""error":"migrations: 2"#))
    }

    @Test(arguments: [(45, true), (46, false), (57, false), (60, false)])
    func `connections are too many from 80 % of what everybody but superusers shares`(used: Int, isHealthy: Bool) {
        let use = ConnectionUse(
            limit: 60, reserved: 3,
            groups: [.init(role: "app", application: "api", state: "idle", count: used, longestTransaction: 0)],
            database: "postgres", databaseSize: 1)
        let health = ServiceHealth.connections(use)
        #expect(health.isHealthy == isHealthy)
        #expect(health.state == "\(used) of 57")
    }

    @Test func `a backup is too old when more may be lost than the target says`() {
        let newest = Self.timestamp
        func health(_ seconds: Double, point: Duration?) -> ServiceHealth {
            .backups(newest: newest, point: point, now: newest.addingTimeInterval(seconds))
        }
        #expect(health(86_400, point: .seconds(86_400)).isHealthy)
        #expect(!health(86_401, point: .seconds(86_400)).isHealthy)
        #expect(health(1e9, point: nil).isHealthy)
        #expect(health(5_400, point: nil).state == "90 min old")
        #expect(!ServiceHealth.backups(newest: nil, point: nil, now: newest).isHealthy)
    }

    @Test func `numbers of one name stand together after one help, and labels are escaped`() {
        let text = PrometheusText.text(of: [
            Metric("a_b", "One.\nTwo \\.", 1, labels: ["x": "say \"hi\"\n\\"]), Metric("c", "Other.", 0.5),
            Metric("a_b", "One.", .infinity),
        ])
        #expect(
            text == """
                # HELP a_b One.\\nTwo \\\\.
                # TYPE a_b gauge
                a_b{x="say \\"hi\\"\\n\\\\"} 1
                a_b +Inf
                # HELP c Other.
                # TYPE c gauge
                c 0.5

                """)
    }

    @Test(.tags(.server), .scratchDatabase) func `connections are counted by role, program and state`() async throws {
        let scratch = try ScratchDatabase.current
        let other = try await scratch.session(to: scratch.settings.setting("application_name", to: "x"))
        try await other.executeScript("begin; select 1")
        let use = try await ConnectionUse.count(in: try await scratch.session())
        #expect(use.limit > use.reserved)
        #expect(use.used >= 2)
        #expect(use.databaseSize > 1_000_000)
        #expect(use.groups.contains { $0.state == "idle in transaction" && $0.role == "postgres" })
        let metrics = PrometheusText.text(
            of: HealthReport(timestamp: .now, services: [.connections(use)], version: "1"))
        #expect(metrics.contains("pg_settings_max_connections \(use.limit)\n"))
        #expect(
            metrics.contains("pg_stat_activity_count{datname=\"\(scratch.name)\",state=\"active\",usename=\"postgres\"")
        )
        let names = Set(metrics.split(separator: "\n").filter { $0.hasPrefix("# TYPE") })
        #expect(metrics.split(separator: "\n").count { $0.hasPrefix("# TYPE") } == names.count)
    }
}
