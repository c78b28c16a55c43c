public import PostgresTypes

/// A row level security policy as the catalog holds it.
public struct AccessPolicy: Sendable, Hashable {
    /// The table's number in `pg_class`.
    public let table: OID
    /// The table.
    public let tableName: AccessName
    /// The policy's name.
    public let name: String
    /// The command it is for; `nil` for ALL.
    public let command: AccessCommand?
    /// Rows that pass any permissive policy are let through, if they pass all restrictive ones.
    public let isPermissive: Bool
    /// The roles it is for; empty for PUBLIC, which is what a policy without TO gets.
    public let roles: [String]
    /// USING.
    public let using: PolicyClause?
    /// WITH CHECK.
    public let check: PolicyClause?

    /// It is for everybody: it was written without TO, or TO PUBLIC.
    public var isForEverybody: Bool { roles.isEmpty }
    /// The command's word.
    public var commandWord: String { command?.rawValue ?? "ALL" }
    /// The clauses there are.
    public var clauses: [PolicyClause] { [using, check].compactMap(\.self) }

    /// Whether it is for a command.
    ///
    /// - Parameter other: The command.
    /// - Returns: Whether the policy is for it, or for ALL.
    public func covers(_ other: AccessCommand) -> Bool { command == nil || command == other }

    /// The clause that decides which rows a command reaches: USING.
    func reading(_ command: AccessCommand) -> PolicyClause? { covers(command) ? using : nil }

    /// The clause that decides which rows a command may write: WITH CHECK, or USING where there is none.
    func writing(_ command: AccessCommand) -> PolicyClause? {
        guard covers(command) else { return nil }
        return check ?? (command == .insert && self.command != nil ? nil : using)
    }

    /// What findings and exceptions call it.
    public var displayName: String { "policy \"\(name)\" on \(tableName)" }
    /// `ALTER POLICY name ON table`.
    var alter: String { "alter policy \(AccessName.quoted(name)) on \(tableName.sql)" }
}

/// An expression of a policy: as the server deparses it, and as the grammar reads it.
public struct PolicyClause: Sendable, Hashable {
    /// The text of `pg_get_expr`, names schema-qualified.
    public let text: String
    /// What the grammar makes of it; `nil` when it cannot read it.
    let expression: SQLExpression?

    /// Reads an expression.
    ///
    /// - Parameter text: The text of `pg_get_expr` under an empty search path.
    public init(_ text: String) {
        self.text = text
        expression = try? SQLExpression(text)
    }

    /// Clauses are equal when their texts are.
    public static func == (lhs: PolicyClause, rhs: PolicyClause) -> Bool { lhs.text == rhs.text }
    /// Hashes the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
