import CatalogInspection
import PostgresClient
import PostgresTesting
import PostgresTypes

/// What the tests of this target look at: the schema `t` of the running test's database.
enum Inspected: Sendable {
    /// Runs a script as role `postgres` and leaves the session as a backup's is: without a search path.
    static func session(after script: String, in settings: ConnectionSettings? = nil) async throws -> Session {
        let scratch = try ScratchDatabase.current
        let session = try await scratch.session(to: settings ?? scratch.settings)
        try await session.executeScript("create schema t")
        try await session.executeScript(script)
        try await session.executeScript("set search_path = ''")
        return session
    }

    /// The tables of the schema by name.
    static func tables(_ session: Session) async throws -> [String: TableInfo] {
        let tables = try await TableQuery.tables(in: session).filter { $0.schema == "t" }
        return Dictionary(uniqueKeysWithValues: tables.map { ($0.name, $0) })
    }

    /// Rows and digest of each table of the schema, under the pinned settings.
    static func digests(_ session: Session) async throws -> [String: String] {
        let writer = ContentDigest(types: try await TypeQuery.types(in: session))
        let tables = try await tables(session)
        return try await session.withTransaction { session in
            try await session.executeScript(PinnedSettings.script)
            var digests: [String: String] = [:]
            for (name, table) in tables where table.kind == .ordinary {
                let source = "only \(table.qualifiedName)"
                let sql = writer.statement(source: source, columns: table.storedColumns)
                for row in try await session.query(Query(unsafeSQL: sql)) {
                    digests[name] =
                        "\(try row.value("rows", as: String.self)) \(try row.value("digest", as: String.self))"
                }
            }
            return digests
        }
    }

    /// Lends a session of a new role without any rights, and drops the role afterwards.
    static func withRole(_ script: String, _ body: (Session, String) async throws -> Void) async throws {
        let scratch = try ScratchDatabase.current
        let role = "reader_\(scratch.name)"
        let admin = try await scratch.superuserSession()
        try await admin.executeScript("create role \(role) login")
        let result: Result<Void, any Error>
        do {
            try await admin.executeScript(script.replacing("READER", with: role))
            let session = try await scratch.session(as: role)
            try await session.executeScript("set search_path = ''")
            try await body(session, role)
            await session.close()
            result = .success(())
        } catch { result = .failure(error) }
        try await admin.executeScript("drop owned by \(role) cascade; drop role \(role)")
        try result.get()
    }

    /// One value of a statement's first row.
    static func value(_ session: Session, _ sql: String) async throws -> String? {
        try await session.query(Query(unsafeSQL: sql)).first?[0]
    }
}
