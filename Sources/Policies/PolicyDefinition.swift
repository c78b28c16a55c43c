/// What a policy says, with its conditions as the server writes them.
public struct PolicyDefinition: Sendable, Hashable {
    /// The command a policy is for.
    public enum Command: String, Sendable, Hashable {
        /// Every command.
        case all
        /// `SELECT`, and what other commands read.
        case select
        /// `INSERT`.
        case insert
        /// `UPDATE`.
        case update
        /// `DELETE`.
        case delete

        /// The command by its letter in `pg_policy.polcmd`.
        init?(catalogLetter: String) {
            switch catalogLetter {
            case "*": self = .all
            case "r": self = .select
            case "a": self = .insert
            case "w": self = .update
            case "d": self = .delete
            default: return nil
            }
        }
    }

    /// The name.
    public var name: String
    /// The command.
    public var command: Command
    /// Whether it opens (`PERMISSIVE`) or narrows (`RESTRICTIVE`).
    public var isPermissive: Bool
    /// The roles it binds, sorted; `public` for all of them.
    public var roles: [String]
    /// The condition on rows that are there.
    public var using: String?
    /// The condition on rows that are written.
    public var check: String?
    /// The comment.
    public var comment: String?

    /// A policy by its parts.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - command: The command.
    ///   - isPermissive: Whether it opens or narrows.
    ///   - roles: The roles it binds, in any order.
    ///   - using: The condition on rows that are there.
    ///   - check: The condition on rows that are written.
    ///   - comment: The comment.
    public init(
        name: String,
        command: Command = .all,
        isPermissive: Bool = true,
        roles: [String],
        using: String? = nil,
        check: String? = nil,
        comment: String? = nil
    ) {
        self.name = name
        self.command = command
        self.isPermissive = isPermissive
        self.roles = roles.sorted()
        self.using = using
        self.check = check
        self.comment = comment
    }

    /// Whether two policies differ in nothing but their names and comments.
    func means(theSameAs other: PolicyDefinition) -> Bool {
        var renamed = other
        renamed.name = name
        renamed.comment = comment
        return renamed == self
    }

    /// Whether people who have not signed in are among its roles.
    var reachesEverybody: Bool { roles.contains("public") || roles.contains("anon") }
}
