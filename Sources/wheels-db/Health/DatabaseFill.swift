import Diagnostics
import ProjectHealth

/// How much of its plan a database takes, in the words of every command that tells of it.
struct DatabaseFill: Sendable, Equatable {
    /// How near a database is to its plan's end.
    enum Level: Sendable {
        /// There is room, or no plan is known.
        case fine
        /// A person should make room at some time.
        case filling
        /// It may be full at any moment.
        case nearlyFull
    }

    /// Bytes of the database on its server's disk.
    let bytes: Int64
    /// Bytes that the plan allows; `nil` where no plan is known.
    let plan: Int64?

    /// What Supabase's free plan allows a project.
    static let freePlan = ByteSize(bytes: 500_000_000)
    /// What to do about one that fills.
    static let remedy = Remedy("Remove what is not needed (wheels-db maintain), or take a larger plan.")

    private var share: Double? {
        guard let plan, plan > 0 else { return nil }
        return Double(bytes) / Double(plan)
    }

    /// Filling from 80 % of the plan, nearly full from 95 %.
    var level: Level {
        guard let share, share >= 0.8 else { return .fine }
        return share < 0.95 ? .filling : .nearlyFull
    }

    /// One sentence: bytes, and the part of the plan.
    var sentence: String {
        guard let plan, let share else { return "The database has \(HumanUnits.bytes(bytes))." }
        let end = level == .nearlyFull ? ": a full project turns read only." : "."
        return "The database has \(HumanUnits.bytes(bytes)), \(HumanUnits.fixed(share * 100, digits: 0)) % of the"
            + " \(HumanUnits.bytes(plan)) of its plan\(end)"
    }

    /// What a person should know; nothing while there is room.
    var finding: Finding? {
        guard level != .fine else { return nil }
        return Finding(
            code: "database.size", severity: .warning, subject: "database", message: sentence, remedy: Self.remedy)
    }

    /// The health of the service `size`: degraded when it is nearly full.
    var health: ServiceHealth {
        ServiceHealth(
            "size", plan.map { "\(HumanUnits.bytes(bytes)) of \(HumanUnits.bytes($0))" } ?? HumanUnits.bytes(bytes),
            problem: level == .nearlyFull ? sentence : nil,
            metrics: [plan.map { Metric("wheels_db_database_size_limit_bytes", "What the plan allows.", Double($0)) }]
                .compactMap(\.self))
    }
}

extension CommandContext {
    /// What the plan of a database allows it to hold; `nil` for a server that is nobody's plan.
    func databasePlan(of target: DatabaseTarget) throws(CommandError) -> ByteSize? {
        if let name = target.environmentName, let plan = try configuration()?.environments[name]?.databasePlan {
            return plan
        }
        return target.isLoopback || target.ref == nil ? nil : DatabaseFill.freePlan
    }
}
