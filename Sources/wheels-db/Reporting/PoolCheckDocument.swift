import Diagnostics
import PoolChecks

/// A look at the connections as `--json` prints it.
struct PoolCheckDocument: Encodable {
    struct Slots: Encodable {
        let maxConnections: Int
        let superuserReserved: Int
        let reserved: Int
        let limit: Int
        let used: Int
        let free: Int

        init(_ snapshot: ConnectionSnapshot) {
            maxConnections = snapshot.maxConnections
            superuserReserved = snapshot.superuserReserved
            reserved = snapshot.reserved
            limit = snapshot.limit
            used = snapshot.used
            free = snapshot.free
        }
    }

    struct Group: Encodable {
        let role: String
        let application: String
        let client: String
        let state: String
        let count: Int
        let oldestStateSeconds: Double?

        init(_ group: SessionGroup) {
            role = group.key.role
            application = group.key.application
            client = group.key.address
            state = group.key.state
            count = group.count
            oldestStateSeconds = group.oldestState
        }
    }

    struct Waiter: Encodable {
        let pid: Int
        let depth: Int
        let role: String?
        let application: String?
        let seconds: Double?
        let query: String?
    }

    struct Chain: Encodable {
        let rootPid: Int
        let role: String?
        let application: String?
        let state: String?
        let locks: [String]
        let waiters: [Waiter]

        init(_ chain: BlockedChain) {
            rootPid = chain.rootPID
            role = chain.root?.role
            application = chain.root?.application
            state = chain.root?.state
            locks = chain.root?.locks ?? []
            waiters = chain.waiters.map {
                Waiter(
                    pid: $0.session.pid, depth: $0.depth, role: $0.session.role,
                    application: $0.session.application, seconds: $0.session.stateAge, query: $0.session.query)
            }
        }
    }

    struct Service: Encodable {
        let services: [String]
        let live: Int
        let declared: Int
        let declaredAtDeploy: Int
    }

    struct Earlier: Encodable {
        let secondsAgo: Double
        let slots: Slots
        let groups: [Group]
    }

    /// Whether there is no slot for another connection.
    let full: Bool
    let refusal: String?
    /// The way that led in; `nil` when none did.
    let seenThrough: String?
    let triedInVain: [String: String]
    let slots: Slots?
    let groups: [Group]
    let blocked: [Chain]
    let services: [Service]
    let pooler: PoolerStatus?
    let lastSeen: Earlier?
    let findings: [Finding]

    init(_ check: PoolCheck, last: ConnectionSnapshot?, now: Double) {
        let observation = check.observation
        let snapshot = observation.snapshot
        full = observation.isFull
        refusal = observation.refusal?.code
        seenThrough = snapshot == nil ? nil : Self.name(of: observation.passage)
        triedInVain = Dictionary(observation.attempts.map { (Self.name(of: $0.passage), $0.reason) }) { first, _ in
            first
        }
        slots = snapshot.map(Slots.init)
        groups = snapshot?.groups.map(Group.init) ?? []
        blocked = BlockedChain.chains(in: snapshot?.sessions ?? []).map(Chain.init)
        if let budget = check.budget, let snapshot {
            services = DeclarationDrift(budget: budget, snapshot: snapshot).lines.map {
                Service(
                    services: $0.services, live: $0.live, declared: $0.declared, declaredAtDeploy: $0.declaredAtDeploy)
            }
        } else {
            services = []
        }
        pooler = observation.pooler
        lastSeen = last.map {
            Earlier(secondsAgo: max(0, now - $0.takenAt), slots: Slots($0), groups: $0.groups.map(Group.init))
        }
        findings = check.findings
    }

    /// A way into the server in words.
    static func name(of passage: PoolObservation.Passage) -> String {
        switch passage {
        case .connection: "connection"
        case .admin: "admin connection"
        case .directHost: "direct host"
        case .replication: "replication connection"
        }
    }
}
