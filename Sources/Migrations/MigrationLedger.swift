public import PostgresClient
import PostgresTypes

/// The list of what is applied: `supabase_migrations.schema_migrations`, shared with the Supabase CLI.
///
/// Hosted projects may have more columns than ours; every statement names the columns it uses. Beside it,
/// `wheels_migrations.events` keeps who applied what, when and how long it took; rows are only ever added.
public struct MigrationLedger: Sendable, Hashable {
    /// What is applied, by version as text.
    public let entries: [LedgerEntry]

    /// A ledger from its rows.
    ///
    /// - Parameter entries: What is applied.
    public init(entries: [LedgerEntry]) {
        self.entries = entries.sorted { $0.version < $1.version }
    }

    /// Reads the ledger; changes nothing.
    ///
    /// - Parameter session: A session to the database.
    /// - Returns: The ledger; an empty one where the table does not exist.
    /// - Throws: `PostgresError`, also when the role may not read the table.
    public static func read(from session: Session) async throws -> MigrationLedger {
        let columns = try await self.columns(in: session)
        guard columns.contains("version") else { return MigrationLedger(entries: []) }
        let name = columns.contains("name") ? "m.name" : "null::text"
        let statements = columns.contains("statements") ? "m.statements" : "null::text[]"
        let rows = try await session.query(
            """
            select m.version, \(unsafeSQL: name) as name, \(unsafeSQL: statements) is not null as has_statements,
                   s.statement, s.place is not null as is_statement
            from supabase_migrations.schema_migrations m
            left join lateral unnest(\(unsafeSQL: statements)) with ordinality s (statement, place) on true
            order by m.version, s.place
            """)
        return MigrationLedger(entries: try entries(from: rows))
    }

    private static func entries(from rows: [Row]) throws -> [LedgerEntry] {
        var order: [String] = []
        var names: [String: String] = [:]
        var statements: [String: [String]] = [:]
        for row in rows {
            let version = try row.value("version", as: String.self)
            if order.last != version { order.append(version) }
            names[version] = try row.optional("name", as: String.self)
            guard try row.value("has_statements", as: Bool.self) else { continue }
            let statement = try row.optional("statement", as: String.self) ?? ""
            let isStatement = try row.value("is_statement", as: Bool.self)
            statements[version, default: []] += isStatement ? [statement] : []
        }
        return order.map { LedgerEntry(version: $0, name: names[$0], statements: statements[$0]) }
    }

    private static func columns(in session: Session) async throws -> Set<String> {
        let rows = try await session.query(
            """
            select a.attname::text as name
            from pg_catalog.pg_attribute a
            join pg_catalog.pg_class c on c.oid = a.attrelid
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where n.nspname = 'supabase_migrations' and c.relname = 'schema_migrations'
              and a.attnum > 0 and not a.attisdropped
            """)
        return Set(try rows.map { try $0.value("name", as: String.self) })
    }
}

extension MigrationLedger {
    /// Makes what is missing of the ledger, as the Supabase CLI makes it, and the table of events.
    ///
    /// A ledger that is complete is not touched: no lock, and no privilege to create is needed.
    static func create(in session: Session) async throws {
        let columns = try await self.columns(in: session)
        let hasLedger = columns.isSuperset(of: ["version", "statements", "name"])
        let events = try await session.query("select pg_catalog.to_regclass('wheels_migrations.events') as events")
        let hasEvents = try events.first?.optional("events", as: String.self) != nil
        guard !hasLedger || !hasEvents else { return }
        try await session.withTransaction { session in
            try await session.execute("set local lock_timeout = '4s'")
            if !hasLedger { try await session.executeScript(ledgerDefinition) }
            if !hasEvents { try await session.executeScript(eventsDefinition) }
        }
    }

    private static let ledgerDefinition = """
        create schema if not exists supabase_migrations;
        create table if not exists supabase_migrations.schema_migrations (version text not null primary key);
        alter table supabase_migrations.schema_migrations add column if not exists statements text[];
        alter table supabase_migrations.schema_migrations add column if not exists name text;
        """

    /// No role but the owner gets at it: the schema is granted to nobody, and row level security has no policy.
    private static let eventsDefinition = """
        create schema if not exists wheels_migrations;
        create table if not exists wheels_migrations.events (
            id bigint generated always as identity primary key,
            at timestamptz not null default pg_catalog.clock_timestamp(),
            version text not null,
            name text not null,
            action text not null,
            tool_version text not null,
            role text not null default session_user,
            duration_ms bigint,
            detail jsonb
        );
        alter table wheels_migrations.events enable row level security;
        revoke all on schema wheels_migrations from public;
        do $$
        declare api_role text;
        begin
            for api_role in select rolname from pg_catalog.pg_roles
                where rolname in ('anon', 'authenticated', 'service_role')
            loop
                execute pg_catalog.format('revoke all on schema wheels_migrations from %I', api_role);
                execute pg_catalog.format('revoke all on wheels_migrations.events from %I', api_role);
            end loop;
        end
        $$;
        """

    /// Records a file as applied, in the transaction that is open.
    ///
    /// A file may have changed the role of the session; the row is written as the role that logged in.
    static func record(_ file: MigrationFile, event: LedgerEvent, in session: Session) async throws {
        try await session.executeScript("reset session authorization; reset role;")
        try await session.execute(
            """
            insert into supabase_migrations.schema_migrations (version, name, statements)
            values (\(file.version), \(file.fileName.name), \(arrayLiteral(file.ledgerStatements))::text[])
            """)
        try await session.execute(
            """
            insert into wheels_migrations.events (version, name, action, tool_version, duration_ms, detail)
            values (\(file.version), \(file.fileName.name), \(event.action), \(event.toolVersion),
                    \(event.milliseconds), pg_catalog.jsonb_build_object('file', \(file.path)::text,
                    'statements', \(file.up.count)::int, 'out_of_order', \(event.isOutOfOrder)::boolean,
                    'retries', \(event.retries)::int))
            """)
    }

    /// The text form of a `text[]`.
    static func arrayLiteral(_ items: [String]) -> String {
        var literal: [UInt8] = [UInt8(ascii: "{")]
        for item in items {
            if literal.count > 1 { literal.append(UInt8(ascii: ",")) }
            literal.append(UInt8(ascii: "\""))
            for byte in item.utf8 {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { literal.append(UInt8(ascii: "\\")) }
                literal.append(byte)
            }
            literal.append(UInt8(ascii: "\""))
        }
        literal.append(UInt8(ascii: "}"))
        return String(decoding: literal, as: UTF8.self)
    }
}

/// What the table of events keeps of one migration.
struct LedgerEvent: Sendable {
    let action: String
    let toolVersion: String
    let milliseconds: Int
    let isOutOfOrder: Bool
    let retries: Int
}
