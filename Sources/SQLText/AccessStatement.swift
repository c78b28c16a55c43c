/// A statement that says who may do what with a relation, taken apart: what policy files are made of.
public enum AccessStatement: Sendable, Hashable {
    /// `ALTER TABLE … ROW LEVEL SECURITY`, with nothing else in it.
    case rowSecurity([RowSecuritySwitch], on: RelationMention)
    /// `CREATE POLICY`.
    case createPolicy(PolicyStatement)
    /// `GRANT` or `REVOKE` on relations, their columns, or sequences.
    case grant(GrantStatement)
    /// `COMMENT ON POLICY`; no text removes the comment.
    case policyComment(policy: String, on: RelationMention, text: String?)
    /// Any other statement, by the grammar's name of it.
    case other(node: String)

    /// Takes a statement apart.
    ///
    /// - Parameter text: One statement, without the closing `;`. Ranges count its UTF-8 bytes.
    /// - Throws: ``SQLSyntaxError`` when it does not parse.
    public init(_ text: String) throws(SQLSyntaxError) {
        let json = try SQLMeaning.parsed(text) { body throws(Grammar.Failure) in try Grammar.parseTree(body) }
        self = AccessStatementReader(text: text, tree: ParseTree(json: json, depth: 600)).statement
    }
}

/// A relation as a statement names it.
public struct RelationMention: Sendable, Hashable {
    /// The schema; `nil` when the statement leaves it to the search path.
    public let schema: String?
    /// The name.
    public let name: String
    /// Where the qualified name stands, in bytes of the statement; `nil` where the grammar does not tell.
    public let utf8Range: Range<Int>?
}

/// One switch of row level security.
public enum RowSecuritySwitch: String, Sendable, Hashable {
    /// `ENABLE`.
    case enable
    /// `DISABLE`.
    case disable
    /// `FORCE`.
    case force
    /// `NO FORCE`.
    case noForce
}

/// A role as a statement names it.
public enum RoleMention: Sendable, Hashable {
    /// `PUBLIC`.
    case everybody
    /// A role by its name.
    case named(String)
    /// `CURRENT_USER` and its kin: another role in each session.
    case ofSession
}

/// `CREATE POLICY`, taken apart.
public struct PolicyStatement: Sendable, Hashable {
    /// The policy's name.
    public let name: String
    /// The relation it is for.
    public let relation: RelationMention
    /// Whether it opens (`PERMISSIVE`) or narrows (`RESTRICTIVE`).
    public let isPermissive: Bool
    /// `all`, `select`, `insert`, `update` or `delete`.
    public let command: String
    /// For whom; `PUBLIC` when the statement names nobody.
    public let roles: [RoleMention]
    /// Where the condition of `USING` stands, without its parentheses.
    public let usingRange: Range<Int>?
    /// Where the condition of `WITH CHECK` stands, without its parentheses.
    public let checkRange: Range<Int>?
    /// Where conditions name a column of the relation with its schema: the schema and the dot after it.
    public let schemaPrefixes: [Range<Int>]
}

/// `GRANT` or `REVOKE`, taken apart.
public struct GrantStatement: Sendable, Hashable {
    /// What is granted on.
    public enum Target: Sendable, Hashable {
        /// Relations and their columns.
        case relations
        /// Sequences.
        case sequences
        /// Anything else: functions, schemas, all tables of a schema.
        case other
    }

    /// One privilege, on a whole object or on some of its columns.
    public struct Privilege: Sendable, Hashable {
        /// The privilege in lower case, such as `select`; `nil` for `ALL`.
        public let name: String?
        /// The columns; none for the whole object.
        public let columns: [String]
    }

    /// `GRANT`, not `REVOKE`.
    public let isGrant: Bool
    /// What is granted on.
    public let target: Target
    /// The objects.
    public let objects: [RelationMention]
    /// What is granted; none for `ALL`.
    public let privileges: [Privilege]
    /// To whom.
    public let grantees: [RoleMention]
    /// `WITH GRANT OPTION`, or `GRANT OPTION FOR`.
    public let hasGrantOption: Bool
    /// Whether it names a grantor (`GRANTED BY`).
    public let namesGrantor: Bool
}
