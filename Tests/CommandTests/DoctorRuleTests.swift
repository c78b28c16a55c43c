import PostgresClient
import PostgresTypes
import Testing

@testable import CatalogInspection
@testable import wheels_db

/// Faults that no test server can be given: a distant host, a clock that is wrong, a plan that is full.
@Suite("The rules of doctor")
struct DoctorRuleTests {
    private func sight(
        _ change: (inout Seen) -> Void = { _ in }
    ) -> DatabaseSight {
        var seen = Seen()
        change(&seen)
        let target = DatabaseTarget(
            origin: .environmentOption, environmentName: seen.name,
            settings: ConnectionSettings(keywords: ["host": seen.host, "user": "postgres", "dbname": "postgres"]),
            ref: Project.stagingRef, isProtected: seen.isProtected, isKnown: true)
        let facts = DatabaseFacts(
            name: "postgres", serverVersion: ServerVersion(number: seen.version), encoding: "UTF8", collation: "C",
            role: "postgres", isSuperuser: false, bypassesRowSecurity: true, memberOf: [], isSupabaseShaped: true,
            isInRecovery: false, lsn: nil, maySetReplicationRole: true)
        return DatabaseSight(
            target: target, version: facts.serverVersion, pooler: .direct, usesTLS: seen.usesTLS, sslMode: seen.sslMode,
            address: "203.0.113.7", facts: facts, freeSlots: seen.freeSlots, slots: 57, size: seen.size,
            clockOffset: seen.clockOffset, identity: nil, mark: nil, productionSigns: seen.signs)
    }

    private struct Seen {
        var name = "staging"
        var host = "db.example.org"
        var isProtected = false
        var version = 150_008
        var usesTLS = true
        var sslMode = "verify-full"
        var freeSlots = 40
        var size: Int64 = 100_000_000
        var clockOffset = 0.5
        var signs: [ProductionSign] = []
    }

    private func lines(_ change: (inout Seen) -> Void = { _ in }) -> [DoctorLine] {
        DatabaseRules(sight: sight(change), jobs: 2, margin: 6, planSize: 500_000_000).lines
    }

    private func found(_ check: String, _ change: (inout Seen) -> Void) throws -> DoctorLine {
        try #require(lines(change).first { $0.check == check })
    }

    @Test func `a sound project has no other lines than good ones`() {
        #expect(lines().allSatisfy { $0.state == .ok })
    }

    @Test func `plain text is a problem, TLS without proof a warning`() throws {
        let plain = try found("database.tls") { $0.usesTLS = false }
        #expect(plain.state == .problem && plain.remedy?.contains("sslmode=verify-full") == true)
        let unproved = try found("database.tls") { $0.sslMode = "require" }
        #expect(unproved.state == .warning && unproved.remedy?.contains("sslrootcert") == true)
        let local = try found("database.tls") { ($0.host, $0.usesTLS) = ("127.0.0.1", false) }
        #expect(local.state == .ok)
    }

    @Test func `a clock that is wrong is told with its direction`() throws {
        let behind = try found("database.clock") { $0.clockOffset = 600 }
        #expect(behind.state == .warning && behind.message.contains("behind"))
        let ahead = try found("database.clock") { $0.clockOffset = -600 }
        #expect(ahead.message.contains("ahead of") && ahead.remedy?.contains("set-ntp") == true)
    }

    @Test(arguments: [(Int64(390_000_000), DoctorLine.State.ok), (410_000_000, .warning), (480_000_000, .problem)])
    func `a plan fills up`(size: Int64, state: DoctorLine.State) throws {
        #expect(try found("database.size") { $0.size = size }.state == state)
    }

    @Test(arguments: [(3, DoctorLine.State.problem), (9, .warning), (10, .ok)])
    func `slots run out`(free: Int, state: DoctorLine.State) throws {
        #expect(try found("database.slots") { $0.freeSlots = free }.state == state)
    }

    @Test func `people in a database that is not protected are told`() throws {
        let line = try found("database.people") { $0.signs = [.manyAccounts(30)] }
        #expect(line.state == .warning && line.remedy?.contains("After a failover") == true)
        #expect(
            !lines { ($0.signs, $0.isProtected) = ([.manyAccounts(30)], true) }.contains {
                $0.check == "database.people"
            })
    }

    @Test func `an old server is a problem`() throws {
        #expect(try found("database.server") { $0.version = 140_010 }.state == .problem)
    }
}
