import FoundationEssentials
public import PostgresClient
import PostgresTypes
import SQLText

extension AccessCatalog {
    /// Reads the catalog in one read-only snapshot.
    ///
    /// - Parameters:
    ///   - session: A session outside a transaction; any role can read what is needed.
    ///   - apiSchemas: The schemas that the data API exposes.
    /// - Returns: The reading.
    /// - Throws: ``AccessReadingError`` when the API's roles or schemas are not there; `PostgresError`.
    public static func read(in session: Session, apiSchemas: [String] = ["public"]) async throws -> AccessCatalog {
        try await session.withTransaction(.repeatableReadOnly) { session in
            try await read(inTransactionOf: session, apiSchemas: apiSchemas)
        }
    }

    /// Reads the catalog in the transaction that is open.
    static func read(inTransactionOf session: Session, apiSchemas: [String]) async throws -> AccessCatalog {
        // Names outside pg_catalog are deparsed with their schemas.
        try await session.executeScript("set local search_path = ''; set local statement_timeout = '60s'")
        let roles = try await AccessQuery.roles(in: session)
        let missingRoles = AccessRole.ofAPI.filter { name in !roles.contains { $0.name == name } }
        guard missingRoles.isEmpty else { throw AccessReadingError.noRoles(missingRoles) }
        let missingSchemas = try await AccessQuery.missing(of: apiSchemas, in: session)
        guard missingSchemas.isEmpty else { throw AccessReadingError.noSchemas(missingSchemas) }
        let relations = try await AccessQuery.relations(in: session)
        let policies = try await AccessQuery.policies(in: session)
        let looked = Set(roles.filter { $0.isOfProject && ($0.isSettableByAPI || !$0.canLogin) }.map(\.name))
            .union(policies.flatMap(\.roles)).union(AccessRole.ofAPI).intersection(roles.map(\.name))
        return AccessCatalog(
            apiSchemas: apiSchemas,
            relations: relations,
            policies: policies,
            routines: try await AccessQuery.routines(in: session),
            roles: roles,
            extensionsInPublic: try await AccessQuery.extensionsInPublic(in: session),
            grants: try await AccessQuery.grants(of: looked.sorted(), in: session)
        )
    }
}

/// The queries of one reading.
enum AccessQuery {
    static func roles(in session: Session) async throws -> [AccessRole] {
        try await session.query(Query(unsafeSQL: AccessSQL.roles)).map { row in
            AccessRole(
                name: try row.value("rolname"),
                bypasses: try row.value("bypasses"),
                canLogin: try row.value("rolcanlogin"),
                isSettableByAPI: try row.value("is_settable"),
                rightsOf: Set(try row.names("rights_of"))
            )
        }
    }

    static func missing(of schemas: [String], in session: Session) async throws -> [String] {
        let found = try await session.query("select nspname from pg_catalog.pg_namespace").map { row in
            try row.value("nspname", as: String.self)
        }
        return schemas.filter { !found.contains($0) }
    }

    static func extensionsInPublic(in session: Session) async throws -> [String] {
        try await session.query(Query(unsafeSQL: AccessSQL.extensionsInPublic)).map { try $0.value("extname") }
    }

    static func policies(in session: Session) async throws -> [AccessPolicy] {
        // The same text stands in many policies, and twice in most: it is parsed once.
        var read: [String: PolicyClause] = [:]
        func clause(_ text: String?) -> PolicyClause? {
            guard let text else { return nil }
            let clause = read[text] ?? PolicyClause(text)
            read[text] = clause
            return clause
        }
        return try await session.query(Query(unsafeSQL: AccessSQL.policies)).map { row in
            let command: String = try row.value("polcmd")
            return AccessPolicy(
                table: try row.value("polrelid"),
                tableName: AccessName(try row.value("nspname"), try row.value("relname")),
                name: try row.value("polname"),
                command: AccessCommand.ofRows.first { String($0.letter) == command },
                isPermissive: try row.value("polpermissive"),
                roles: try row.names("roles"),
                using: clause(try row.optional("using_text")),
                check: clause(try row.optional("check_text"))
            )
        }
    }

    static func routines(in session: Session) async throws -> [AccessRoutine] {
        try await session.query(Query(unsafeSQL: AccessSQL.routines)).map { row in
            let language: String = try row.value("lanname")
            let source: String = try row.value("body")
            return AccessRoutine(
                oid: try row.value("oid"),
                name: AccessName(try row.value("nspname"), try row.value("proname")),
                argumentTypes: try row.names("argument_types").joined(separator: ", "),
                arguments: try row.value("arguments"),
                argumentCount: try row.value("pronargs"),
                defaultCount: try row.value("pronargdefaults"),
                result: try row.value("result"),
                language: language,
                volatility: try row.value("provolatile", as: String.self).first ?? "v",
                isDefiner: try row.value("prosecdef"),
                owner: try row.value("owner"),
                ownerBypasses: try row.value("owner_bypasses"),
                searchPath: try row.optional("search_path"),
                source: source,
                sourceDigest: try row.value("digest"),
                body: RoutineBody(source, language: language)
            )
        }
    }

    static func relations(in session: Session) async throws -> [AccessRelation] {
        var columns: [OID: [AccessColumn]] = [:]
        for row in try await session.query(Query(unsafeSQL: AccessSQL.columns)) {
            columns[try row.value("attrelid"), default: []].append(
                AccessColumn(
                    name: try row.value("attname"),
                    type: try row.value("type_name"),
                    isNotNull: try row.value("attnotnull"),
                    isGenerated: try row.value("is_generated"),
                    isKey: try row.value("is_key"),
                    sequence: try row.optional("sequence"),
                    sequenceName: try row.optional("sequence_name")
                ))
        }
        var guards: [OID: [AccessTrigger]] = [:]
        for row in try await session.query(Query(unsafeSQL: AccessSQL.triggers)) {
            let bits: Int = try row.value("tgtype")
            let commands: [(AccessCommand, Int)] = [(.insert, 4), (.delete, 8), (.update, 16)]
            guards[try row.value("tgrelid"), default: []].append(
                AccessTrigger(
                    name: try row.value("tgname"),
                    commands: Set(commands.filter { bits & $0.1 != 0 }.map(\.0)),
                    function: try row.value("tgfoid")
                ))
        }
        return try await session.query(Query(unsafeSQL: AccessSQL.relations)).map { row in
            let oid: OID = try row.value("oid")
            let events: Int = try row.value("events")
            let through: [(AccessCommand, Int)] = [(.update, 4), (.insert, 8), (.delete, 16)]
            return AccessRelation(
                oid: oid,
                name: AccessName(try row.value("nspname"), try row.value("relname")),
                kind: AccessRelation.Kind(rawValue: try row.value("relkind")) ?? .table,
                owner: try row.value("owner"),
                ownerBypasses: try row.value("owner_bypasses"),
                isRowSecurityOn: try row.value("relrowsecurity"),
                forcesRowSecurity: try row.value("relforcerowsecurity"),
                isPartition: try row.value("relispartition"),
                estimatedRows: Double(try row.value("reltuples", as: String.self)) ?? -1,
                isInvoker: try row.value("is_invoker"),
                updatable: Set(through.filter { events & $0.1 != 0 }.map(\.0)),
                query: try row.optional("definition", as: String.self).flatMap { Self.query(of: $0) },
                columns: columns[oid] ?? [],
                indexedColumns: Set(try row.names("indexed")),
                dependencies: try row.names("dependencies").map { try OID(postgresText: $0) },
                guards: guards[oid] ?? []
            )
        }
    }

    /// What the grammar makes of a view's query.
    private static func query(of definition: String) -> ParseTree? {
        (try? ParseTree(parsing: definition))?["stmts"].items.first?["stmt"]["SelectStmt"]
    }

    static func grants(of roles: [String], in session: Session) async throws -> AccessGrants {
        let list = String(decoding: try JSONEncoder().encode(roles), as: UTF8.self)
        func rows(_ sql: String) async throws -> [Row] {
            try await session.query(Query(unsafeSQL: AccessSQL.roleList + sql, parameters: [list]))
        }
        var grants = AccessGrants()
        for row in try await rows(AccessSQL.schemaRights) {
            grants.schemas[try row.value("rolname"), default: []].insert(try row.value("nspname"))
        }
        for row in try await rows(AccessSQL.relationRights) {
            let letters: String = try row.value("letters")
            grants.relations[try row.value("rolname"), default: [:]][try row.value("oid"), default: AccessRights()]
                .letters = Set(letters)
        }
        for row in try await rows(AccessSQL.columnRights) {
            let column: String = try row.value("attname")
            let role: String = try row.value("rolname")
            let table: OID = try row.value("attrelid")
            for letter in try row.value("letters", as: String.self) {
                grants.relations[role, default: [:]][table, default: AccessRights()]
                    .columns[letter, default: []].insert(column)
            }
        }
        for row in try await rows(AccessSQL.routineRights) {
            grants.routines[try row.value("rolname"), default: []].insert(try row.value("oid"))
        }
        for row in try await rows(AccessSQL.sequenceRights) {
            grants.sequences[try row.value("rolname"), default: []].insert(try row.value("oid"))
        }
        for row in try await session.query(Query(unsafeSQL: AccessSQL.publicRights)) {
            grants.ofPublic[try row.value("oid")] = Set(try row.value("letters", as: String.self))
        }
        return grants
    }
}

extension Row {
    /// The texts of a JSON array.
    fileprivate func names(_ column: String) throws -> [String] {
        guard let text = try text(column) else { return [] }
        return try JSONDecoder().decode([String].self, from: Data(text.utf8))
    }
}
