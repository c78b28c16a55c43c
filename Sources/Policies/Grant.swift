/// Who a policy file speaks for: everybody, and the roles that requests of the data API run as.
public enum Grantee: String, Sendable, Hashable, CaseIterable, Comparable {
    /// `PUBLIC`: every role there is.
    case everybody = "public"
    /// Requests without a signed-in user.
    case anon
    /// Requests of a signed-in user.
    case authenticated
    /// The backend, which no policy binds.
    case serviceRole = "service_role"

    /// The role as SQL.
    var sql: String { self == .everybody ? "PUBLIC" : "\"\(rawValue)\"" }
    /// Whether people who have not signed in are among them.
    var reachesEverybody: Bool { self == .everybody || self == .anon }

    /// Orders from the widest to the narrowest.
    public static func < (lhs: Grantee, rhs: Grantee) -> Bool { lhs.rank < rhs.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// One privilege of one grantee on a relation, one of its columns, or a sequence that a column owns.
public struct Grant: Sendable, Hashable {
    /// What the privilege is on.
    public enum Target: Sendable, Hashable {
        /// The whole relation.
        case relation
        /// One column.
        case column(String)
        /// A sequence.
        case sequence(RelationName)
    }

    /// Who has it.
    public let grantee: Grantee
    /// The privilege in upper case, such as `SELECT`.
    public let privilege: String
    /// What it is on.
    public let target: Target

    /// A privilege by its parts.
    ///
    /// - Parameters:
    ///   - grantee: Who has it.
    ///   - privilege: The privilege in upper case.
    ///   - target: What it is on.
    public init(_ grantee: Grantee, _ privilege: String, on target: Target = .relation) {
        self.grantee = grantee
        self.privilege = privilege
        self.target = target
    }
}

/// The switches of row level security of a table.
public struct RowSecurity: Sendable, Hashable {
    /// Whether policies bind anybody.
    public var isEnabled: Bool
    /// Whether they bind the owner as well.
    public var isForced: Bool

    /// Switches by their positions.
    ///
    /// - Parameters:
    ///   - isEnabled: Whether policies bind anybody.
    ///   - isForced: Whether they bind the owner as well.
    public init(isEnabled: Bool, isForced: Bool = false) {
        self.isEnabled = isEnabled
        self.isForced = isForced
    }
}
