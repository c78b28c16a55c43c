import PostgresClient
import PostgresTypes

/// What the catalog says of one relation: everything that its policy file decides about.
struct LiveRelation: Sendable, Hashable {
    /// What kind of relation it is.
    enum Kind: String, Sendable, Hashable {
        case table
        case view
        case materializedView = "materialized view"
        case foreignTable = "foreign table"

        init(catalogLetter: String) {
            switch catalogLetter {
            case "v": self = .view
            case "m": self = .materializedView
            case "f": self = .foreignTable
            default: self = .table
            }
        }
    }

    /// A column as it takes to make one like it.
    struct Column: Sendable, Hashable {
        let name: String
        /// Type and, where it is not the type's own, collation.
        let definition: String
    }

    var relation: RelationName
    var kind: Kind = .table
    var columns: [Column] = []
    /// The sequences that columns own.
    var sequences: [RelationName] = []
    var rowSecurity = RowSecurity(isEnabled: false)
    var policies: [PolicyDefinition] = []
    /// The privileges of the four grantees.
    var grants: Set<Grant> = []
    /// Those of them that may be handed on.
    var grantable: Set<Grant> = []

    /// Whether Supabase owns the relation: then only its policies are ours.
    var isPlatform: Bool { CatalogDigest.platformSchemas.contains(relation.schema) }
}

extension LiveRelation {
    /// Reads a relation, in a transaction with `search_path = ''`.
    ///
    /// The server's text of a condition takes an `ACCESS SHARE` lock on each table that the condition reads.
    ///
    /// - Returns: `nil` when the relation is gone.
    static func read(_ oid: OID, in session: Session) async throws -> LiveRelation? {
        let head = try await session.query(
            """
            select n.nspname, c.relname, c.relkind::text as kind, c.relrowsecurity, c.relforcerowsecurity
            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.oid = \(oid)::oid
            """)
        guard let row = head.first else { return nil }
        var live = LiveRelation(
            relation: RelationName(schema: try row.value("nspname"), name: try row.value("relname")))
        live.kind = Kind(catalogLetter: try row.value("kind"))
        live.rowSecurity = RowSecurity(
            isEnabled: try row.value("relrowsecurity"), isForced: try row.value("relforcerowsecurity"))
        live.columns = try await columns(oid, session)
        live.sequences = try await sequences(oid, session)
        live.policies = try await policies(oid, session)
        try await live.readGrants(oid, session)
        return live
    }

    /// The policies of a relation, with the server's text of their conditions.
    static func policies(_ oid: OID, _ session: Session) async throws -> [PolicyDefinition] {
        let rows = try await session.query(
            """
            select p.polname, p.polcmd::text as command, p.polpermissive,
              (select pg_catalog.string_agg(case when r = 0 then 'public' else pg_catalog.pg_get_userbyid(r)::text end, E'\\n')
                from pg_catalog.unnest(p.polroles) r) as roles,
              pg_catalog.pg_get_expr(p.polqual, p.polrelid) as qual,
              pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) as with_check,
              pg_catalog.obj_description(p.oid, 'pg_policy') as comment
            from pg_catalog.pg_policy p where p.polrelid = \(oid)::oid order by p.polname collate "C"
            """)
        return try rows.map { row in
            PolicyDefinition(
                name: try row.value("polname"),
                command: PolicyDefinition.Command(catalogLetter: try row.value("command")) ?? .all,
                isPermissive: try row.value("polpermissive"),
                roles: try row.value("roles", as: String.self).split(separator: "\n").map(String.init),
                using: try row.optional("qual"), check: try row.optional("with_check"),
                comment: try row.optional("comment"))
        }
    }

    private static func columns(_ oid: OID, _ session: Session) async throws -> [Column] {
        let rows = try await session.query(
            """
            select a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) ||
              case when a.attcollation <> t.typcollation
                then pg_catalog.format(' COLLATE %I.%I', n.nspname, l.collname) else '' end as definition
            from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid
              left join pg_catalog.pg_collation l on l.oid = a.attcollation
              left join pg_catalog.pg_namespace n on n.oid = l.collnamespace
            where a.attrelid = \(oid)::oid and a.attnum > 0 and not a.attisdropped order by a.attnum
            """)
        return try rows.map { Column(name: try $0.value("attname"), definition: try $0.value("definition")) }
    }

    private static func sequences(_ oid: OID, _ session: Session) async throws -> [RelationName] {
        let rows = try await session.query(
            """
            select n.nspname, s.relname
            from pg_catalog.pg_depend d join pg_catalog.pg_class s on s.oid = d.objid and s.relkind = 'S'
              join pg_catalog.pg_namespace n on n.oid = s.relnamespace
            where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjid = \(oid)::oid
              and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.deptype in ('a', 'i')
            order by n.nspname collate "C", s.relname collate "C"
            """)
        return try rows.map { RelationName(schema: try $0.value("nspname"), name: try $0.value("relname")) }
    }

    private mutating func readGrants(_ oid: OID, _ session: Session) async throws {
        let rows = try await session.query(
            """
            with list(target, nspname, name, owner, acl) as (
              select 'relation', null, null::name, c.relowner, coalesce(c.relacl, pg_catalog.acldefault('r', c.relowner))
              from pg_catalog.pg_class c where c.oid = \(oid)::oid
              union all
              select 'column', null, a.attname, c.relowner, a.attacl
              from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
              where a.attrelid = \(oid)::oid and a.attnum > 0 and not a.attisdropped and a.attacl is not null
              union all
              select 'sequence', n.nspname::text, s.relname, s.relowner,
                coalesce(s.relacl, pg_catalog.acldefault('s', s.relowner))
              from pg_catalog.pg_depend d join pg_catalog.pg_class s on s.oid = d.objid and s.relkind = 'S'
                join pg_catalog.pg_namespace n on n.oid = s.relnamespace
              where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjid = \(oid)::oid
                and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.deptype in ('a', 'i')
            )
            select l.target, l.nspname, l.name, e.privilege_type, pg_catalog.bool_or(e.is_grantable) as is_grantable,
              case when e.grantee = 0 then 'public' else pg_catalog.pg_get_userbyid(e.grantee)::text end as grantee
            from list l cross join lateral pg_catalog.aclexplode(l.acl) e
            where e.grantee <> l.owner
            group by l.target, l.nspname, l.name, e.privilege_type, e.grantee
            """)
        for row in rows {
            guard let grantee = Grantee(rawValue: try row.value("grantee")) else { continue }
            let name: String = try row.optional("name") ?? ""
            let target: Grant.Target =
                switch try row.value("target", as: String.self) {
                case "column": .column(name)
                case "sequence": .sequence(RelationName(schema: try row.optional("nspname") ?? "", name: name))
                default: .relation
                }
            let grant = Grant(grantee, try row.value("privilege_type"), on: target)
            grants.insert(grant)
            if try row.value("is_grantable") { grantable.insert(grant) }
        }
    }
}
