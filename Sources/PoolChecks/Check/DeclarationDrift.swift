public import Diagnostics

/// Compares who is connected with what the project declares.
public struct DeclarationDrift: Sendable {
    /// What the project declares.
    public let budget: PoolBudget
    /// Who is connected.
    public let snapshot: ConnectionSnapshot

    /// A comparison.
    ///
    /// - Parameters:
    ///   - budget: What the project declares.
    ///   - snapshot: Who is connected.
    public init(budget: PoolBudget, snapshot: ConnectionSnapshot) {
        self.budget = budget
        self.snapshot = snapshot
    }

    /// Services that cannot be told apart in `pg_stat_activity`, with what they declare and what they hold.
    public struct Line: Sendable, Hashable {
        /// The services' names.
        public let services: [String]
        /// Their role, where they have one of their own.
        public let role: String?
        /// Their `application_name`, where they set one.
        public let application: String?
        /// What they declare while nothing is deployed.
        public let declared: Int
        /// What they declare during a rolling deploy.
        public let declaredAtDeploy: Int
        /// What they hold.
        public let live: Int
    }

    /// One line for each service, or for several that look alike.
    public var lines: [Line] {
        let live = Dictionary(grouping: snapshot.holders.compactMap { mark(of: $0) }) { $0 }.mapValues(\.count)
        return marks.map { mark in
            let members = budget.services.filter { Mark($0) == mark }
            return Line(
                services: members.map(\.name),
                role: mark.role,
                application: mark.application,
                declared: declared(members, \.copies),
                declaredAtDeploy: declared(members, \.copiesAtDeploy),
                live: live[mark] ?? 0
            )
        }
    }

    /// Services that hold more than they declare, and connections that belong to none.
    public var findings: [Finding] {
        lines.compactMap(finding) + strangers
    }

    private func finding(_ line: Line) -> Finding? {
        guard line.live > line.declared else { return nil }
        let name = line.services.joined(separator: " and ")
        let isDeploy = line.live <= line.declaredAtDeploy
        let hold = line.services.count == 1 ? "holds" : "hold"
        return Finding(
            code: "pool.over-budget", severity: isDeploy ? .note : .warning, subject: name,
            message: "\(name) \(hold) \(line.live) connections and declared \(line.declared)"
                + (isDeploy
                    ? "; during a deploy, \(line.declaredAtDeploy) would be right."
                    : ", \(line.declaredAtDeploy) during a deploy."),
            remedy: Remedy("Correct the pools, or what wheels-db.yml says of them:", command: "wheels-db pool budget"))
    }

    private var strangers: [Finding] {
        let strangers = snapshot.holders.filter { session in
            mark(of: session) == nil && !PlatformConsumer.roles.contains(session.role ?? "")
                && session.application?.hasPrefix("wheels-db/") != true
        }
        let groups = Dictionary(grouping: strangers) { [$0.role ?? "?", $0.application ?? ""] }
        return groups.sorted { ($1.value.count, $0.key.joined()) < ($0.value.count, $1.key.joined()) }.map {
            key, sessions in
            let application = key[1].isEmpty ? "without an application_name" : "with application_name \"\(key[1])\""
            let count = sessions.count == 1 ? "1 connection" : "\(sessions.count) connections"
            return Finding(
                code: "pool.undeclared", severity: .note, subject: key[0],
                message: "\(count) of role \(key[0]) \(application): no service of wheels-db.yml is that.",
                remedy: Remedy("Declare the service with its role or application, so that it is counted."))
        }
    }
}

// MARK: - Telling services apart

extension DeclarationDrift {
    /// What a service looks like in `pg_stat_activity`.
    private struct Mark: Hashable {
        let role: String?
        let application: String?

        init(_ service: DeclaredService) {
            role = service.role
            application = service.application ?? (service.role == nil ? service.name : nil)
        }

        func matches(_ session: ServerSession) -> Bool {
            (role == nil || role == session.role) && (application == nil || application == session.application)
        }

        var isExact: Bool { role != nil && application != nil }
    }

    private var marks: [Mark] {
        var seen: Set<Mark> = []
        return budget.services.map(Mark.init).filter { seen.insert($0).inserted }
    }

    private func mark(of session: ServerSession) -> Mark? {
        let matching = marks.filter { $0.matches(session) }
        return matching.first(where: \.isExact) ?? matching.first
    }

    /// What services take of the server: behind the pooler no more than its pool.
    private func declared(_ services: [DeclaredService], _ copies: (DeclaredService) -> Int) -> Int {
        var part = budget
        part.services = services
        let direct = services.filter { $0.route == .direct }.reduce(0) { sum, service in
            let most = service.pools.filter { $0.resource == DeclaredPool.database }.reduce(0) { $0 + $1.most }
            return sum + most * copies(service)
        }
        return direct + part.pooledGroups.reduce(0) { $0 + part.slots(of: $1, copies) }
    }
}
