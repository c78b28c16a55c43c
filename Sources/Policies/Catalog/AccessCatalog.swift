public import PostgresTypes

/// One reading of everything that decides who reaches which rows: what lint and matrix look at.
public struct AccessCatalog: Sendable {
    /// The schemas that the data API exposes.
    public let apiSchemas: [String]
    /// Tables and views of every schema that is not PostgreSQL's own, by name; those of extensions left out.
    public let relations: [AccessRelation]
    /// All policies, by table and name.
    public let policies: [AccessPolicy]
    /// Functions and procedures, those of PostgreSQL and of extensions left out.
    public let routines: [AccessRoutine]
    /// All roles by name.
    public let roles: [String: AccessRole]
    /// The extensions in schema `public`.
    public let extensionsInPublic: [String]
    /// Who may use which schema: role to schemas.
    let usableSchemas: [String: Set<String>]
    /// Rights on relations by role, then by relation.
    let rights: [String: [OID: AccessRights]]
    /// Who may call which routine: role to routines.
    let callable: [String: Set<OID>]
    /// Who may use which sequence: role to sequences.
    let usableSequences: [String: Set<OID>]
    /// Rights that PUBLIC holds on relations.
    let publicRights: [OID: Set<Character>]

    private let byOID: [OID: AccessRelation]
    private let byName: [AccessName: AccessRelation]
    private let policiesOfTable: [OID: [AccessPolicy]]
    private let routinesByName: [AccessName: [AccessRoutine]]
    private let routinesByOID: [OID: AccessRoutine]

    init(
        apiSchemas: [String],
        relations: [AccessRelation],
        policies: [AccessPolicy],
        routines: [AccessRoutine],
        roles: [AccessRole],
        extensionsInPublic: [String],
        grants: AccessGrants
    ) {
        self.apiSchemas = apiSchemas
        self.relations = relations
        self.policies = policies
        self.routines = routines
        self.roles = Dictionary(roles.map { ($0.name, $0) }) { first, _ in first }
        self.extensionsInPublic = extensionsInPublic
        usableSchemas = grants.schemas
        rights = grants.relations
        callable = grants.routines
        usableSequences = grants.sequences
        publicRights = grants.ofPublic
        byOID = Dictionary(relations.map { ($0.oid, $0) }) { first, _ in first }
        byName = Dictionary(relations.map { ($0.name, $0) }) { first, _ in first }
        policiesOfTable = Dictionary(grouping: policies, by: \.table)
        routinesByName = Dictionary(grouping: routines, by: \.name)
        routinesByOID = Dictionary(routines.map { ($0.oid, $0) }) { first, _ in first }
    }

    /// The relation of a number.
    public func relation(_ oid: OID) -> AccessRelation? { byOID[oid] }
    /// The relation of a name.
    public func relation(_ name: AccessName) -> AccessRelation? { byName[name] }
    /// The routine of a number.
    func routine(_ oid: OID) -> AccessRoutine? { routinesByOID[oid] }
    /// The policies of a table.
    public func policies(of relation: AccessRelation) -> [AccessPolicy] { policiesOfTable[relation.oid] ?? [] }

    /// The routines that a call can mean; a name without schema is looked for in `public`.
    func routines(called name: [String], arguments: Int) -> [AccessRoutine] {
        guard let last = name.last else { return [] }
        let schema = name.count > 1 ? name[name.count - 2] : "public"
        return (routinesByName[AccessName(schema, last)] ?? []).filter { $0.takes(arguments) }
    }

    /// What a role may do with a relation.
    public func rights(of role: String, on relation: AccessRelation) -> AccessRights {
        rights[role]?[relation.oid] ?? AccessRights()
    }

    /// Whether a role may use a schema.
    public func mayUse(_ schema: String, _ role: String) -> Bool { usableSchemas[role]?.contains(schema) == true }

    /// Whether a role may call a routine.
    public func mayCall(_ routine: AccessRoutine, _ role: String) -> Bool {
        callable[role]?.contains(routine.oid) == true
    }

    /// The policies that a role's command on a table meets.
    func policies(of relation: AccessRelation, for role: String, _ command: AccessCommand) -> [AccessPolicy] {
        policies(of: relation).filter { $0.covers(command) && applies($0, to: role) }
    }

    /// Whether a policy is for a role.
    func applies(_ policy: AccessPolicy, to role: String) -> Bool {
        policy.isForEverybody || !(roles[role]?.rightsOf ?? [role]).isDisjoint(with: policy.roles)
    }

    /// A schema of the project, rather than of PostgreSQL, Supabase or an extension.
    static func isOfProject(_ schema: String) -> Bool { !managedSchemas.contains(schema) }

    /// The tables of managed schemas whose policies belong to the project.
    static let openManagedTables: Set<AccessName> = [
        AccessName("storage", "objects"), AccessName("storage", "buckets"), AccessName("realtime", "messages"),
    ]

    /// A relation whose policies and grants the project answers for.
    static func isOurs(_ name: AccessName) -> Bool {
        isOfProject(name.schema) || openManagedTables.contains(name)
    }

    /// The schemas that the advisor leaves out, and those in which this tool keeps its books.
    private static let managedSchemas: Set<String> = [
        "_analytics", "_realtime", "_supavisor", "_timescaledb_cache", "_timescaledb_catalog", "_timescaledb_config",
        "_timescaledb_internal", "auth", "cron", "etl", "extensions", "graphql", "graphql_public", "information_schema",
        "net", "pgbouncer", "pg_catalog", "pgmq", "pgroonga", "pgsodium", "pgsodium_masks", "pgtle", "realtime",
        "repack", "storage", "supabase_functions", "supabase_migrations", "tiger", "topology", "vault", "wheels_db",
        "wheels_migrations",
    ]
}

/// Who holds what, as the queries bring it.
struct AccessGrants: Sendable {
    var schemas: [String: Set<String>] = [:]
    var relations: [String: [OID: AccessRights]] = [:]
    var routines: [String: Set<OID>] = [:]
    var sequences: [String: Set<OID>] = [:]
    var ofPublic: [OID: Set<Character>] = [:]
}
