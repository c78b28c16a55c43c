public import FoundationEssentials

/// How many connections a server has, and by whom.
public struct ConnectionUse: Sendable, Hashable {
    /// Connections of one role, program and state.
    public struct Group: Sendable, Hashable {
        let role: String
        let application: String
        let state: String
        let count: Int
        /// The age of the oldest open transaction among them, in seconds.
        let longestTransaction: Double
    }

    /// `max_connections`.
    public let limit: Int
    /// `superuser_reserved_connections`.
    public let reserved: Int
    /// Connections by role, program and state.
    public let groups: [Group]
    /// The database's name.
    public let database: String
    /// The size of the database in bytes.
    public let databaseSize: Int64

    /// Client connections of all databases, this one included.
    public var used: Int { groups.reduce(0) { $0 + $1.count } }
    /// What everybody but superusers shares.
    public var available: Int { max(limit - reserved, 0) }
}

extension ServiceHealth {
    /// A database that answered.
    ///
    /// - Parameter latency: How long one statement took.
    /// - Returns: The health of the service `database`.
    public static func database(latency: Duration) -> ServiceHealth {
        ServiceHealth(
            "database", "connected", duration: latency,
            metrics: [Metric("pg_up", "Whether the server can be reached.", 1)])
    }

    /// A database that did not answer.
    ///
    /// - Parameters:
    ///   - problem: Why, without secrets.
    ///   - state: The same in a word or two.
    /// - Returns: The health of the service `database`.
    public static func databaseUnreachable(_ problem: String, state: String = "unreachable") -> ServiceHealth {
        ServiceHealth(
            "database", state, problem: problem,
            metrics: [Metric("pg_up", "Whether the server can be reached.", 0)])
    }

    /// The connections of the server: degraded from 80 % of what everybody but superusers shares.
    ///
    /// - Parameters:
    ///   - use: The connections.
    ///   - threshold: The share from which on they are too many.
    /// - Returns: The health of the service `connections`.
    public static func connections(_ use: ConnectionUse, threshold: Double = 0.8) -> ServiceHealth {
        let isFull = Double(use.used) >= Double(use.available) * threshold
        return ServiceHealth(
            "connections", "\(use.used) of \(use.available)",
            problem: isFull
                ? "\(use.used) of \(use.available) connections are taken; wheels-db pool check shows by whom." : nil,
            metrics: metrics(of: use))
    }

    private static func metrics(of use: ConnectionUse) -> [Metric] {
        var metrics = [
            Metric("pg_settings_max_connections", "The server's max_connections.", Double(use.limit)),
            Metric(
                "pg_settings_superuser_reserved_connections", "Connections kept for superusers.",
                Double(use.reserved)),
            Metric(
                "pg_database_size_bytes", "The size of the database on disk.", Double(use.databaseSize),
                labels: ["datname": use.database]),
        ]
        for group in use.groups {
            metrics.append(
                Metric(
                    "pg_stat_activity_count", "Client connections by role, program and state.", Double(group.count),
                    labels: [
                        "datname": use.database, "state": group.state, "usename": group.role,
                        "application_name": group.application,
                    ]))
            metrics.append(
                Metric(
                    "pg_stat_activity_max_tx_duration", "The age of the oldest open transaction in seconds.",
                    group.longestTransaction,
                    labels: [
                        "datname": use.database, "state": group.state, "usename": group.role,
                        "application_name": group.application,
                    ]))
        }
        return metrics
    }

    /// The migrations: degraded when one is pending, or applied ones are not what the files say.
    ///
    /// - Parameters:
    ///   - pending: How many are to be applied.
    ///   - problems: What else is wrong with them, a sentence each.
    /// - Returns: The health of the service `migrations`.
    public static func migrations(pending: Int, problems: [String] = []) -> ServiceHealth {
        let metrics = [
            Metric("wheels_db_migrations_pending", "Migrations that are not applied.", Double(pending)),
            Metric(
                "wheels_db_migrations_problems", "Applied migrations that differ from files.", Double(problems.count)),
        ]
        if !problems.isEmpty {
            return ServiceHealth(
                "migrations", "differ", problem: problems.joined(separator: " "), metrics: metrics)
        }
        guard pending > 0 else { return ServiceHealth("migrations", "current", metrics: metrics) }
        let are = pending == 1 ? "1 migration is" : "\(pending) migrations are"
        return ServiceHealth(
            "migrations", "\(pending) pending", problem: "\(are) not applied: wheels-db migrate up.", metrics: metrics)
    }

    /// The policies: degraded when what the files say is not what the database has.
    ///
    /// - Parameter differing: The relations that differ.
    /// - Returns: The health of the service `policies`.
    public static func policies(differing: [String]) -> ServiceHealth {
        let metrics = [
            Metric(
                "wheels_db_policies_differing", "Relations whose policies or grants differ from files.",
                Double(differing.count))
        ]
        guard !differing.isEmpty else { return ServiceHealth("policies", "current", metrics: metrics) }
        let shown = differing.prefix(5).joined(separator: ", ")
        let rest = differing.count > 5 ? " and \(differing.count - 5) more" : ""
        return ServiceHealth(
            "policies", "\(differing.count) differ",
            problem: "Not what the files say: \(shown)\(rest). wheels-db policy plan shows how.", metrics: metrics)
    }

    /// The backups: degraded when there is none, or the newest is older than what may be lost.
    ///
    /// - Parameters:
    ///   - newest: The moment that the newest backup brings back.
    ///   - point: The most recent work that may be lost; without one, age is only told.
    ///   - now: The time.
    /// - Returns: The health of the service `backups`.
    public static func backups(newest: Date?, point: Duration?, now: Date) -> ServiceHealth {
        guard let newest else {
            return ServiceHealth(
                "backups", "none", problem: "The repository holds no backup: wheels-db backup create makes one.")
        }
        let age = now.timeIntervalSince(newest)
        let metrics = [
            Metric("wheels_db_backup_age_seconds", "The age of what the newest backup brings back.", age.rounded())
        ]
        let state = "\(Self.age(age)) old"
        if let point, age > point / .seconds(1) {
            return ServiceHealth(
                "backups", state,
                problem: "The newest backup is \(state), and at most \(Self.age(point / .seconds(1))) may be lost.",
                metrics: metrics)
        }
        return ServiceHealth("backups", state, metrics: metrics)
    }

    /// Seconds in the largest unit that says enough: `90 s`, `45 min`, `30 h`, `12 d`.
    private static func age(_ seconds: Double) -> String {
        let whole = Int(max(seconds, 0))
        if whole < 120 { return "\(whole) s" }
        if whole < 7_200 { return "\(whole / 60) min" }
        if whole < 172_800 { return "\(whole / 3_600) h" }
        return "\(whole / 86_400) d"
    }
}
