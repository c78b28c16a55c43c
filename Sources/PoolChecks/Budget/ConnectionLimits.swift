import SQLText

/// The statements that turn a budget into a guarantee.
///
/// A service that leaks then gets "too many connections for role" itself, and takes no slot of the others.
public struct ConnectionLimits: Sendable, Hashable {
    /// One role and the connections its services may open.
    public struct Limit: Sendable, Hashable {
        /// The role.
        public let role: String
        /// Connections at the peak of a rolling deploy.
        public let connections: Int
        /// The services that log in as this role.
        public let services: [String]

        /// The statement.
        public var sql: String {
            "alter role \(SQLQuoting.identifier(role)) connection limit \(connections);"
        }
    }

    /// A service that no limit can hold.
    public struct Unbounded: Sendable, Hashable {
        /// The service.
        public let service: String
        /// Why not.
        public let reason: String
    }

    /// The limits, by role.
    public let limits: [Limit]
    /// Services that no limit can hold, with the reason.
    public let unbounded: [Unbounded]

    /// The limits of a budget that fits.
    ///
    /// - Parameter budget: The budget, with its plan applied.
    public init(_ budget: PoolBudget) {
        var byRole: [String: (connections: Int, services: [String])] = [:]
        var unbounded: [Unbounded] = []
        func add(_ connections: Int, role: String?, services: [String]) {
            guard connections > 0 else { return }
            if let reason = Self.reasonAgainst(role) {
                unbounded += services.map { Unbounded(service: $0, reason: reason) }
            } else if let role {
                byRole[role, default: (0, [])].connections += connections
                byRole[role, default: (0, [])].services += services
            }
        }
        for service in budget.services where service.route == .direct {
            let most = service.pools.filter { $0.resource == DeclaredPool.database }.reduce(0) { $0 + $1.most }
            add(most * service.copiesAtDeploy, role: service.role, services: [service.name])
        }
        for group in budget.pooledGroups {
            add(
                budget.slots(of: group, \.copiesAtDeploy),
                role: group.services.first?.role,
                services: group.services.map(\.name)
            )
        }
        limits = byRole.sorted { $0.key < $1.key }.map {
            Limit(role: $0.key, connections: $0.value.connections, services: $0.value.services)
        }
        self.unbounded = unbounded
    }

    private static func reasonAgainst(_ role: String?) -> String? {
        guard let role else { return "it has no role of its own" }
        if role == PoolBudget.sharedRole { return "postgres is also the role of migrations, backups and the dashboard" }
        return PlatformConsumer.roles.contains(role) ? "\(role) belongs to Supabase" : nil
    }

    /// The statements as a script, with what no statement can do as comments.
    public var script: String {
        let lines =
            limits.map { "\($0.sql)  -- \($0.services.joined(separator: ", "))" }
            + unbounded.map { "-- \($0.service) cannot be held to its budget: \($0.reason)." }
        return lines.map { "\($0)\n" }.joined()
    }
}
