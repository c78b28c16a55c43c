import CatalogInspection
import Diagnostics
import PostgresClient
import PostgresTypes

/// What is right and wrong about a database, decided from what was seen of it.
struct DatabaseRules: Sendable {
    let sight: DatabaseSight
    /// Sessions that a backup opens beside its leader.
    let jobs: Int
    /// Slots to leave free for others.
    let margin: Int
    /// The bytes that the plan allows a database; `nil` where it is not known.
    let planSize: Int64?

    /// Clocks that differ by less have no effect.
    static let clockTolerance = 60.0

    private var name: String { sight.target.environmentName ?? sight.target.settings.database ?? "database" }

    /// The lines, in the order in which a person would ask.
    var lines: [DoctorLine] {
        [server, transport, pooler, role, slots, size, clock, protection, people].compactMap(\.self)
    }

    private var server: DoctorLine {
        let kind = sight.facts.isSupabaseShaped ? ", a Supabase project" : ""
        let recovery = sight.facts.isInRecovery ? ", a replica" : ""
        let way =
            sight.address.map { $0.contains(":") ? " over IPv6 (\($0))" : " over IPv4 (\($0))" } ?? " by a Unix socket"
        let text = "PostgreSQL \(sight.version)\(kind)\(recovery), reached\(way)."
        guard sight.version.major < 15 else { return .ok("database.server", name, text) }
        return .problem(
            "database.server", name, "\(text) It is older than 15.", "Upgrade the project in the dashboard.")
    }

    private var transport: DoctorLine {
        if sight.target.isLoopback { return .ok("database.tls", name, "It is on this machine; TLS is not needed.") }
        guard sight.usesTLS else {
            return .problem(
                "database.tls", name, "The connection is plain text: passwords and rows can be read on the way.",
                "Put ?sslmode=verify-full&sslrootcert=FILE into the URL.")
        }
        guard sight.sslMode == "verify-full" else {
            return .warning(
                "database.tls", name, "TLS with sslmode=\(sight.sslMode): who answers is not proved.",
                "Get the CA certificate (dashboard: Database settings, SSL configuration) and put"
                    + " ?sslmode=verify-full&sslrootcert=FILE into the URL.")
        }
        return .ok("database.tls", name, "TLS, and the server's certificate is checked (verify-full).")
    }

    private var pooler: DoctorLine {
        switch sight.pooler {
        case .direct: return .ok("database.pooler", name, "Connected without a pooler.")
        case .session: return .ok("database.pooler", name, "Connected through a pooler in session mode.")
        case .transaction:
            let refused = TransactionPoolerError(activity: "", settings: sight.target.settings)
            return .problem(
                "database.pooler", name,
                "Connected through a pooler in transaction mode: backup, restore and migrate refuse it (exit 19).",
                refused.remedy?.description ?? "Use the session pooler or the direct connection.")
        }
    }

    private var role: DoctorLine {
        let role = sight.facts.role
        guard sight.facts.bypassesRowSecurity else {
            return .problem(
                "database.role", name,
                "Role \(role) is subject to row level security, so a backup refuses it (exit 15).",
                "Connect as postgres, or as a superuser run: ALTER ROLE \(role) BYPASSRLS")
        }
        guard !sight.facts.isSuperuser || sight.target.isLoopback else {
            return .warning(
                "database.role", name, "Role \(role) is a superuser, which nothing here needs.",
                "Connect as a role without it, such as postgres.")
        }
        return .ok("database.role", name, "Role \(role) sees every row.")
    }

    private var slots: DoctorLine {
        let needed = jobs + 2
        let text = "\(sight.freeSlots) of \(sight.slots) connection slots are free"
        guard sight.freeSlots >= needed else {
            return .problem(
                "database.slots", name, "\(text); a backup with --jobs \(jobs) takes \(needed).",
                "See who holds them: wheels-db pool check")
        }
        guard sight.freeSlots >= needed + margin else {
            return .warning(
                "database.slots", name, "\(text): a backup would leave fewer than \(margin) for others.",
                "Run it with --jobs 1, or see who holds them: wheels-db pool check")
        }
        return .ok("database.slots", name, "\(text).")
    }

    private var size: DoctorLine? {
        guard let planSize, planSize > 0 else { return nil }
        let fill = DatabaseFill(bytes: sight.size, plan: planSize)
        let remedy = DatabaseFill.remedy.description
        switch fill.level {
        case .fine: return .ok("database.size", name, fill.sentence)
        case .filling: return .warning("database.size", name, fill.sentence, remedy)
        case .nearlyFull: return .problem("database.size", name, fill.sentence, remedy)
        }
    }

    private var clock: DoctorLine {
        let offset = sight.clockOffset
        let text = HumanUnits.duration(.seconds(abs(offset)))
        guard abs(offset) > Self.clockTolerance else {
            return .ok("database.clock", name, "Its clock and this machine's agree.")
        }
        return .warning(
            "database.clock", name,
            "This machine's clock is \(text) \(offset > 0 ? "behind" : "ahead of") the server's.",
            "Set this machine's clock: timedatectl set-ntp true")
    }

    /// A production that nothing protects, and a protected one that is marked as a place to play.
    private var protection: DoctorLine? {
        guard let environment = sight.target.environmentName, environment != "local" else { return nil }
        if sight.target.isProtected {
            guard let mark = sight.mark, sight.identity.map(mark.isValid) ?? true else {
                return .ok("database.protection", name, "It is protected: changes need its ref typed.")
            }
            return .problem(
                "database.protection", name, "It is protected, and marked as \(mark.name), where seeding is allowed.",
                "Take the mark away: wheels-db env mark \(mark.name) --remove --env \(environment)")
        }
        guard environment.lowercased().hasPrefix("prod") else { return nil }
        return .problem(
            "database.protection", name, "It is called \(environment), and nothing protects it.",
            "Write protected: true below environments.\(environment) of wheels-db.yml.")
    }

    /// Real users in a database that is not protected: what a failover of the app leaves in staging.
    private var people: DoctorLine? {
        guard !sight.target.isProtected, sight.target.environmentName != "local",
            let sign = sight.productionSigns.first(where: \.isAboutPeople)
        else { return nil }
        return .warning(
            "database.people", name, sign.sentence,
            "If this is production, protect it in wheels-db.yml; if it is staging, people's rows have landed there: see the"
                + " runbook, \"After a failover\".")
    }
}
