/// A snapshot in the text format of Prometheus, under the names of postgres_exporter and pgbouncer_exporter.
public struct PoolMetrics: Sendable {
    private var lines: [String] = []

    /// The metrics of a snapshot.
    ///
    /// - Parameters:
    ///   - snapshot: The snapshot; `nil` when no way led in.
    ///   - pooler: What the pooler's console said.
    public init(_ snapshot: ConnectionSnapshot?, pooler: PoolerStatus? = nil) {
        if let snapshot { add(snapshot) }
        if let pooler { add(pooler) }
    }

    /// The text.
    public var text: String { lines.map { "\($0)\n" }.joined() }

    private mutating func add(_ snapshot: ConnectionSnapshot) {
        gauge("pg_settings_max_connections", "max_connections", [([:], Double(snapshot.maxConnections))])
        gauge(
            "pg_settings_superuser_reserved_connections", "superuser_reserved_connections",
            [([:], Double(snapshot.superuserReserved))])
        gauge("wheels_db_pool_slots_limit", "Slots for everyone but superusers", [([:], Double(snapshot.limit))])
        gauge("wheels_db_pool_slots_used", "Slots that are taken", [([:], Double(snapshot.used))])
        gauge("wheels_db_pool_slots_free", "Slots that are free", [([:], Double(snapshot.free))])
        let groups = Dictionary(grouping: snapshot.sessions.filter { !$0.isOwn }, by: Self.labels)
        gauge(
            "pg_stat_activity_count", "Sessions in this state", groups.map { ($0.key, Double($0.value.count)) })
        gauge(
            "pg_stat_activity_max_tx_duration", "Age of the oldest transaction in this state, in seconds",
            groups.map { ($0.key, $0.value.compactMap(\.transactionAge).max() ?? 0) })
        gauge(
            "pg_roles_connection_limit", "CONNECTION LIMIT of the role",
            snapshot.roles.compactMap { role in role.limit.map { (["rolname": role.name], Double($0)) } })
        gauge(
            "pg_database_connection_limit", "CONNECTION LIMIT of the database",
            snapshot.databaseLimits.map { (["datname": $0.key], Double($0.value)) })
    }

    private static func labels(_ session: ServerSession) -> [String: String] {
        [
            "datname": session.database ?? "", "usename": session.role ?? "", "state": session.state ?? "",
            "application_name": session.application ?? "", "backend_type": session.backendType ?? "",
            "wait_event_type": session.waitType ?? "", "wait_event": session.waitEvent ?? "",
        ]
    }

    private mutating func add(_ pooler: PoolerStatus) {
        func values(_ number: (PoolerStatus.Pool) -> Double) -> [([String: String], Double)] {
            pooler.pools.map { (["database": $0.database, "user": $0.user], number($0)) }
        }
        gauge(
            "pgbouncer_pools_client_active_connections", "Clients with a server connection",
            values { Double($0.activeClients) })
        gauge(
            "pgbouncer_pools_client_waiting_connections", "Clients that wait for a server connection",
            values { Double($0.waitingClients) })
        gauge(
            "pgbouncer_pools_server_active_connections", "Server connections that work for a client",
            values { Double($0.activeServers) })
        gauge(
            "pgbouncer_pools_server_idle_connections", "Server connections without a client",
            values { Double($0.idleServers) })
        gauge(
            "pgbouncer_pools_client_maxwait_seconds", "How long the first client in the queue has waited",
            values(\.longestWait))
    }

    private mutating func gauge(_ name: String, _ help: String, _ values: [([String: String], Double)]) {
        guard !values.isEmpty else { return }
        lines += ["# HELP \(name) \(help)", "# TYPE \(name) gauge"]
        lines += values.map { labels, value in
            let inside = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }
            let number = value == value.rounded() ? String(Int64(value)) : String(value)
            return name + (inside.isEmpty ? "" : "{\(inside.joined(separator: ","))}") + " " + number
        }.sorted()
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
