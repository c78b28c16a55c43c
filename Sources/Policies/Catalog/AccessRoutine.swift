public import PostgresTypes

/// A function or procedure as far as access through it is concerned.
public struct AccessRoutine: Sendable, Hashable {
    /// The number in `pg_proc`.
    public let oid: OID
    /// Schema and name.
    public let name: AccessName
    /// The types of its arguments as SQL writes them, such as `uuid, text`.
    public let argumentTypes: String
    /// The arguments with their names, such as `p_trip_id uuid`.
    public let arguments: String
    /// The number of arguments.
    public let argumentCount: Int
    /// The number of arguments with a default.
    public let defaultCount: Int
    /// The type of its result.
    public let result: String
    /// `sql`, `plpgsql`, ….
    public let language: String
    /// `i` immutable, `s` stable, `v` volatile.
    public let volatility: Character
    /// It runs with the rights of its owner.
    public let isDefiner: Bool
    /// The owner.
    public let owner: String
    /// The owner sees every row of every table.
    public let ownerBypasses: Bool
    /// `search_path` is fixed, in the form of the setting; `nil` where it is not.
    public let searchPath: String?
    /// The source text.
    public let source: String
    /// The digest of the source text that the advisor's cache key holds.
    public let sourceDigest: String
    /// What the body does.
    let body: RoutineBody

    /// `schema.name(types)`: what findings and exceptions call it.
    public var signature: String { "\(name)(\(argumentTypes.replacing(", ", with: ",")))" }
    /// The same for SQL.
    var sql: String { "\(name.sql)(\(argumentTypes))" }
    /// It can only be called by a trigger.
    var isTriggerFunction: Bool { result == "trigger" || result == "event_trigger" }

    /// Whether a call with so many arguments can mean this routine.
    func takes(_ count: Int) -> Bool {
        count <= argumentCount && count >= argumentCount - defaultCount
    }

    /// Routines are equal when their numbers are.
    public static func == (lhs: AccessRoutine, rhs: AccessRoutine) -> Bool { lhs.oid == rhs.oid }
    /// Hashes the number.
    public func hash(into hasher: inout Hasher) { hasher.combine(oid) }
}
