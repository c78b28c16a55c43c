import Diagnostics
import PostgresClient
import PostgresTypes
import Testing

@testable import PoolChecks

@Suite("Connections for monitoring")
struct PoolOutputTests {
    @Test(arguments: [(10, NagiosLine.Status.ok), (50, .warning), (57, .critical), (60, .critical)])
    func `one line, with a state and numbers`(taken: Int, status: NagiosLine.Status) {
        let line = NagiosLine(check(snapshot((1...taken).map { session($0, application: "a|b\nc") })))
        #expect(line.status == status)
        #expect(line.text.hasPrefix("POOL \(status.word) - \(max(0, 57 - taken)) of 57 slots free"))
        #expect(line.text.contains(" | used=\(taken);45;56;0;57 free=\(max(0, 57 - taken));12:;1:;0;57"))
        #expect(line.text.count { $0 == "|" } == 1)
        #expect(!line.text.contains { $0.isNewline })
    }

    @Test func `a server that lets nobody in is critical, with what was seen last`() {
        let full = check(nil) { $0.observation.refusal = .server }
        let line = NagiosLine(full, last: snapshot([session(1, application: "api")]))
        #expect(line.status == .critical)
        #expect(line.text.contains("last seen: 1 of 57 taken, by app api 1"))
    }

    @Test func `a server that cannot be reached is critical, a wrong password unknown`() {
        let gone = PostgresError(kind: .cannotConnect, message: "refused")
        #expect(NagiosLine(gone).status == .critical)
        let wrong = PostgresError(kind: .cannotConnect, message: "no", sqlState: "28P01")
        #expect(NagiosLine(wrong).status == .unknown)
        #expect(NagiosLine.Status.allCases.map(\.rawValue) == [0, 1, 2, 3])
    }

    @Test func `metrics bear the names of postgres_exporter, and their labels are escaped`() {
        var found = snapshot([session(1, application: "a\"b\\c"), session(2), session(3)])
        found.roles = [RoleFacts(name: "app", limit: 7)]
        let pool = PoolerStatus.Pool(database: "d", user: "u", waitingClients: 3, longestWait: 1.5)
        let text = PoolMetrics(found, pooler: PoolerStatus(pools: [pool])).text
        let lines = text.split(separator: "\n")
        #expect(lines.contains("pg_settings_max_connections 60"))
        #expect(lines.contains("wheels_db_pool_slots_free 54"))
        #expect(lines.contains("pg_roles_connection_limit{rolname=\"app\"} 7"))
        #expect(lines.contains("pgbouncer_pools_client_waiting_connections{database=\"d\",user=\"u\"} 3"))
        #expect(lines.contains("pgbouncer_pools_client_maxwait_seconds{database=\"d\",user=\"u\"} 1.5"))
        #expect(text.contains("application_name=\"a\\\"b\\\\c\""))
        let counts = lines.filter { $0.hasPrefix("pg_stat_activity_count{") }
        #expect(counts.count == 2 && counts.contains { $0.hasSuffix("} 2") })
        let names = lines.filter { !$0.hasPrefix("#") }.map { $0.prefix { $0 != "{" && $0 != " " } }
        for name in Set(names) { #expect(lines.count { $0.hasPrefix("# TYPE \(name) gauge") } == 1) }
    }

    @Test(arguments: [
        (0.0, "0 s"), (59.4, "59 s"), (3_599, "59 min"), (7_500, "2 h 5 min"), (260_000, "3 d"), (-4, "0 s"),
    ])
    func `ages are short`(seconds: Double, words: String) { #expect(AgeText.words(seconds) == words) }
}
