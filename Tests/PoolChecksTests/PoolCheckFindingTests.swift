import Diagnostics
import PostgresClient
import PostgresTypes
import Testing

@testable import PoolChecks

@Suite("What is worth saying about the connections")
struct PoolCheckFindingTests {
    private func codes(_ check: PoolCheck) -> [String] { check.findings.map(\.code) }

    @Test func `46 of 57 are a warning, 45 are none`() {
        #expect(codes(check(snapshot((1...45).map { session($0) }))) == [])
        let warned = check(snapshot((1...46).map { session($0, application: "api") }))
        #expect(codes(warned) == ["pool.nearly-full"])
        #expect(warned.findings.first?.severity == .warning)
        #expect(warned.findings.first?.message.contains("app api 46") == true)
    }

    @Test func `without a free slot the holders are named, and nothing is negative`() throws {
        let full = check(snapshot((1...60).map { session($0, role: $0 < 50 ? "app" : "bot") }))
        let finding = try #require(full.findings.first)
        #expect(full.observation.isFull)
        #expect(finding.code == "pool.full" && finding.severity == .error)
        #expect(finding.message.contains("60 of 57 are taken, by app 49, bot 11"))
        #expect(full.findings.allSatisfy { !$0.message.contains("-") })
    }

    @Test func `a refusal says which of the limits it was`() throws {
        let settings = ConnectionSettings(keywords: ["user": "bot", "dbname": "shop"])
        func refusal(_ message: String) -> SlotRefusal? {
            SlotRefusal(
                PostgresError(kind: .cannotConnect, message: message, sqlState: "53300"), to: settings)
        }
        #expect(refusal("remaining connection slots are reserved for non-replication superuser connections") == .server)
        #expect(refusal("sorry, too many clients already") == .server)
        #expect(refusal("too many connections for role \"bot\"") == .role("bot"))
        #expect(refusal("too many connections for database \"shop\"") == .database("shop"))
        #expect(refusal("MaxClientsInSessionMode: max clients reached").map(\.code) == "pool.pooler-full")
        #expect(SlotRefusal(PostgresError(kind: .cannotConnect, message: "x", sqlState: "28P01"), to: settings) == nil)
        let told = check(nil) { $0.observation.refusal = .role("bot") }
        #expect(told.findings.first?.remedy?.command == "alter role \"bot\" connection limit N")
    }

    @Test func `a role at its limit is told apart from a full server`() {
        var found = snapshot((1...4).map { session($0) })
        found.roles = [RoleFacts(name: "app", limit: 4), RoleFacts(name: "idle", limit: 0)]
        found.databaseLimits = ["postgres": 5]
        let told = check(found).findings
        #expect(told.map(\.code) == ["pool.role-limit"])
        #expect(told.first?.severity == .error)
        found.databaseLimits = ["postgres": 4]
        #expect(codes(check(found)) == ["pool.role-limit", "pool.database-limit"])
    }

    @Test(arguments: ["idle in transaction", "idle in transaction (aborted)"])
    func `a forgotten transaction is named with what it holds`(state: String) throws {
        var forgotten = session(7, state: state, for: 61)
        forgotten.locks = ["AccessShareLock on public.trips"]
        forgotten.horizonAge = 12
        let finding = try #require(check(snapshot([forgotten])).findings.first)
        #expect(finding.code == "pool.idle-in-transaction")
        #expect(finding.message.contains("1 min") && finding.message.contains("AccessShareLock on public.trips"))
        #expect(finding.message.contains("rows of 12 transactions"))
        #expect(finding.remedy?.command == "select pg_catalog.pg_terminate_backend(7)")
        forgotten.stateAge = 59
        #expect(check(snapshot([forgotten])).findings.isEmpty)
    }

    @Test func `a chain names its root once, and the idle transaction is not told twice`() throws {
        var waiting = session(2, state: "active", for: 11, blockedBy: [1])
        waiting.query = "alter table public.trips add column x int"
        let chain = snapshot([
            session(1, state: "idle in transaction", for: 90), waiting, session(3, for: 5, blockedBy: [2]),
        ])
        let findings = check(chain).findings
        #expect(findings.map(\.code) == ["pool.blocked"])
        #expect(findings.first?.message.contains("2 sessions wait for process 1") == true)
        #expect(findings.first?.message.contains("process 2, alter table") == true)
    }

    @Test func `idle connections and missing guards are notes`() {
        var found = snapshot([session(1, for: 3_600), session(2, role: "authenticator", for: 3_600)])
        found.roles = [RoleFacts(name: "app"), RoleFacts(name: "authenticator")]
        found.idleInTransactionTimeout = 0
        let findings = check(found).findings
        #expect(findings.map(\.code) == ["pool.idle", "pool.no-guard"])
        #expect(findings.allSatisfy { $0.severity == .note })
        found.roles = [RoleFacts(name: "app", idleInTransactionTimeout: "60s")]
        #expect(codes(check(found)) == ["pool.idle"])
        found.roles = [RoleFacts(name: "app")]
        found.idleInTransactionTimeout = 60_000
        #expect(codes(check(found)) == ["pool.idle"])
    }

    @Test func `clients that wait for the pooler are a warning, and an error when they wait for long`() {
        func severity(_ wait: Double, waiting: Int = 2) -> Severity? {
            let pool = PoolerStatus.Pool(
                database: "app", user: "api", waitingClients: waiting, activeServers: 1, longestWait: wait, size: 1)
            return check(snapshot([])) { $0.observation.pooler = PoolerStatus(pools: [pool]) }.findings.first?.severity
        }
        #expect(severity(0, waiting: 0) == nil)
        #expect(severity(1) == .warning)
        #expect(severity(6) == .error)
    }
}

@Suite("Live connections and declared ones")
struct DeclarationDriftTests {
    private func drift(_ sessions: [ServerSession], _ services: DeclaredService...) -> DeclarationDrift {
        var budget = PoolBudget()
        budget.services = services
        return DeclarationDrift(budget: budget, snapshot: snapshot(sessions))
    }

    @Test func `a service that holds more than at a deploy is a warning, more than steadily a note`() {
        let api = DeclaredService(name: "api", role: "app", pools: [DeclaredPool(name: "a", size: 2)])
        func severity(_ count: Int) -> Severity? {
            drift((1...count).map { session($0) }, api).findings.first?.severity
        }
        #expect(severity(2) == nil)
        #expect(severity(3) == .note)
        #expect(severity(4) == .note)
        #expect(severity(5) == .warning)
    }

    @Test func `services of one role are told apart by their application, or counted together`() {
        let pools = [DeclaredPool(name: "a", size: 1)]
        let sessions = [session(1, application: "api"), session(2, application: "api"), session(3, application: "x")]
        let apart = drift(
            sessions, DeclaredService(name: "api", role: "app", application: "api", pools: pools),
            DeclaredService(name: "worker", role: "app", pools: pools))
        #expect(apart.lines.map(\.live) == [2, 1])
        let together = drift(
            sessions, DeclaredService(name: "api", role: "app", pools: pools),
            DeclaredService(name: "worker", role: "app", pools: pools))
        #expect(together.lines.map(\.services) == [["api", "worker"]])
        #expect(together.lines.map { [$0.live, $0.declared] } == [[3, 2]])
    }

    @Test func `connections of no service are named, those of Supabase and of this tool are not`() {
        let found = drift(
            [
                session(1, role: "postgres", application: "DBeaver"), session(2, role: "supabase_admin"),
                session(3, role: "postgres", application: "wheels-db/backup"), session(4, application: "api"),
            ],
            DeclaredService(name: "api", pools: [DeclaredPool(name: "a", size: 1)])
        ).findings
        #expect(found.map(\.code) == ["pool.undeclared"])
        #expect(found.first?.message.contains("DBeaver") == true)
    }
}
