public import Diagnostics
import SQLText

/// Judges what was seen of a server: values in, findings out.
public struct PoolCheck: Sendable {
    /// What was seen.
    public var observation: PoolObservation
    /// From when on something is worth saying.
    public var thresholds = PoolThresholds()
    /// What the project declares; `nil` without a configuration.
    public var budget: PoolBudget?

    /// A check of an observation.
    ///
    /// - Parameter observation: What was seen.
    public init(_ observation: PoolObservation) { self.observation = observation }

    /// Everything that is worth saying, the gravest first.
    public var findings: [Finding] {
        var found = refusalFindings
        if let snapshot = observation.snapshot {
            found += slotFindings(snapshot) + limitFindings(snapshot) + transactionFindings(snapshot)
            found += idleFindings(snapshot) + guardFindings(snapshot)
            if let budget { found += DeclarationDrift(budget: budget, snapshot: snapshot).findings }
            if !snapshot.isComplete {
                found.append(
                    Finding(
                        code: "pool.partial-view", severity: .note,
                        message: "This role does not see what other roles' sessions do.",
                        remedy: Remedy("Use a role that may:", command: "grant pg_read_all_stats to ROLE")))
            }
        }
        found += poolerFindings
        return found.enumerated().sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }
            .map(\.element)
    }

    /// Who holds the most, as one phrase: `app_backend api 40, app_worker 12`.
    ///
    /// - Parameter snapshot: The sessions.
    /// - Returns: The three largest holders by role and application.
    public static func holders(of snapshot: ConnectionSnapshot) -> String {
        let names = snapshot.holders.map { [$0.role ?? "?", $0.application].compactMap(\.self).joined(separator: " ") }
        let counts = Dictionary(grouping: names) { $0 }.mapValues(\.count)
        let largest = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let told = largest.prefix(3).map { "\($0.key) \($0.value)" }
        let rest = largest.dropFirst(3).reduce(0) { $0 + $1.value }
        return (told + (rest > 0 ? ["others \(rest)"] : [])).joined(separator: ", ")
    }
}

// MARK: - Slots

extension PoolCheck {
    private var refusalFindings: [Finding] {
        guard let refusal = observation.refusal else { return [] }
        var message = refusal.sentence
        if let snapshot = observation.snapshot {
            let held = Self.holders(of: snapshot)
            message += ": \(snapshot.used) of \(snapshot.limit) are taken, by \(held.isEmpty ? "nobody now" : held)"
        }
        return [
            Finding(code: refusal.code, severity: .error, message: message + ".", remedy: remedy(for: refusal))
        ]
    }

    private func remedy(for refusal: SlotRefusal) -> Remedy {
        switch refusal {
        case .server where observation.snapshot != nil: return Self.makingRoom(observation)
        case .server:
            return Remedy(
                "Stop or scale down the service with the largest pools where it runs. If that does not help: restart the"
                    + " database in the dashboard (Project Settings, General, Restart project). Then:",
                command: "wheels-db pool budget")
        case .role(let role):
            return Remedy(
                "Close connections of \(role), or raise its limit as another role:",
                command: "alter role \(SQLQuoting.identifier(role)) connection limit N")
        case .database(let name):
            return Remedy(
                "Close connections to \(name), or raise its limit from another database:",
                command: "alter database \(SQLQuoting.identifier(name)) connection limit N")
        case .pooler, .poolerQueue:
            return Remedy(
                "Close clients of the pooler, or use its transaction mode, where clients share server connections:",
                command: "wheels-db pool budget")
        }
    }

    /// Ends the idle sessions of the role that has most of them, on a way that a full server leaves open.
    private static func makingRoom(_ observation: PoolObservation) -> Remedy {
        let idle = (observation.snapshot?.holders ?? []).filter {
            $0.state == "idle" && !PlatformConsumer.roles.contains($0.role ?? "")
        }
        // The command is for a shell: a name that a shell would read differently is not put into it.
        let roles = idle.compactMap(\.role).filter {
            $0.allSatisfy { $0.isLetter || $0.isNumber || "_-.".contains($0) }
        }
        let counts = Dictionary(grouping: roles) { $0 }.mapValues(\.count)
        guard let most = counts.min(by: { ($1.value, $0.key) < ($0.value, $1.key) }) else {
            return Remedy("Stop the service that holds the most; then fix its pools:", command: "wheels-db pool budget")
        }
        let url =
            switch observation.passage {
            case .admin: "$WHEELS_ADMIN_DATABASE_URL"
            case .connection, .directHost: "$DATABASE_URL"
            case .replication: "$DATABASE_URL?replication=database"
            }
        let hint =
            observation.passage == .replication
            ? " A full server takes it through a replication connection (& in place of ? where the URL has one already)."
            : ""
        return Remedy(
            "Fix the pools (wheels-db pool budget) or stop a service; the \(most.value) idle sessions of \(most.key) can be"
                + " ended at once.\(hint)",
            command: "psql \"\(url)\" -c \"select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity"
                + " where usename = \(SQLQuoting.literal(most.key)) and state = 'idle'\"")
    }

    private func slotFindings(_ snapshot: ConnectionSnapshot) -> [Finding] {
        let held = Self.holders(of: snapshot)
        if observation.refusal == .server { return [] }
        if snapshot.free == 0 {
            return [
                Finding(
                    code: "pool.full", severity: .error,
                    message: "No connection slot is free: \(snapshot.used) of \(snapshot.limit) are taken, by \(held).",
                    remedy: Self.makingRoom(observation))
            ]
        }
        guard snapshot.share > thresholds.share else { return [] }
        return [
            Finding(
                code: "pool.nearly-full", severity: .warning,
                message: "\(snapshot.used) of \(snapshot.limit) connection slots are taken, \(snapshot.free) are free;"
                    + " most by \(held).",
                remedy: Remedy("See which pools are too large:", command: "wheels-db pool budget"))
        ]
    }

    private func limitFindings(_ snapshot: ConnectionSnapshot) -> [Finding] {
        let roles = snapshot.roles.filter { !$0.isSuperuser }.compactMap { role in
            role.limit.map { (kind: "role", name: role.name, limit: $0, used: snapshot.used(byRole: role.name)) }
        }
        let databases = snapshot.databaseLimits.sorted { $0.key < $1.key }.map {
            (kind: "database", name: $0.key, limit: $0.value, used: snapshot.used(inDatabase: $0.key))
        }
        return (roles + databases).compactMap { kind, name, limit, used in
            guard used > 0, Double(used) > thresholds.share * Double(limit) else { return nil }
            let code = "pool.\(kind)-limit"
            if let refusal = observation.refusal, refusal.code == code { return nil }
            return Finding(
                code: code, severity: used >= limit ? .error : .warning, subject: name,
                message: "The \(kind) \(name) holds \(used) of the \(limit) connections of its CONNECTION LIMIT.",
                remedy: Remedy("Make its pools smaller, or raise the limit:", command: "wheels-db pool budget"))
        }
    }
}

// MARK: - The pooler

extension PoolCheck {
    private var poolerFindings: [Finding] {
        guard let pooler = observation.pooler else {
            guard let failure = observation.consoleFailure else { return [] }
            return [
                Finding(
                    code: "pool.console", severity: .note,
                    message: "The pooler's console cannot be read: \(failure)",
                    remedy: Remedy("Name it, with a role of its admin_users or stats_users: --pgbouncer-url URL"))
            ]
        }
        return pooler.pools.filter { $0.waitingClients > 0 }.map { pool in
            let wait = AgeText.words(pool.longestWait)
            let clients = pool.waitingClients == 1 ? "1 client waits" : "\(pool.waitingClients) clients wait"
            let servers = pool.activeServers + pool.idleServers + pool.newServers
            let size = pool.size.map { " of \($0)" } ?? ""
            return Finding(
                code: "pool.pooler-waiting",
                severity: pool.longestWait >= thresholds.poolerWait / .seconds(1) ? .error : .warning,
                subject: "\(pool.database)/\(pool.user)",
                message: "\(clients) for a server connection of \(pool.database)/\(pool.user), the first for \(wait);"
                    + " \(servers)\(size) server connections exist, \(pool.activeServers) are busy.",
                remedy: Remedy(
                    "Shorten transactions, or raise the pool's size if the server has slots:",
                    command: "wheels-db pool budget"))
        }
    }
}
