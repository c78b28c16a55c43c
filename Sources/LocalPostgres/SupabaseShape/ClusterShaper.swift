import PostgresClient
import SQLText

/// Turns a fresh cluster into one with a project's roles, two template databases and a shaped database `postgres`.
struct ClusterShaper: Sendable {
    let server: LocalServer
    let era: DefaultPrivilegesEra

    /// Runs all the scripts.
    ///
    /// - Returns: The extensions of a project that the installation does not have.
    func run() async throws -> [String] {
        let base = DefaultPrivilegesEra.apiRolesGetAll.templateDatabase
        let later = DefaultPrivilegesEra.apiRolesGetNone.templateDatabase
        try await inDatabase("postgres") { session in
            for script in SupabaseShape.clusterScripts { try await session.executeScript(script) }
            for role in SupabaseShape.loginRoles {
                let password = SQLQuoting.literal(server.password)
                try await session.executeScript("ALTER ROLE \(SQLQuoting.identifier(role)) PASSWORD \(password)")
            }
            try await session.executeScript("CREATE DATABASE \(base) OWNER postgres")
        }
        let missing = try await inDatabase(base) { session in
            for script in SupabaseShape.databaseScripts { try await session.executeScript(script) }
            return try await createExtensions(in: session)
        }
        try await inDatabase("postgres") { session in
            try await session.executeScript("CREATE DATABASE \(later) OWNER postgres TEMPLATE \(base)")
        }
        try await inDatabase(later) { session in
            try await session.executeScript(DefaultPrivilegesEra.apiRolesGetNone.script)
        }
        try await inDatabase("template1") { session in
            try await session.executeScript("DROP DATABASE postgres WITH (FORCE)")
            try await session.executeScript("CREATE DATABASE postgres OWNER postgres TEMPLATE \(era.templateDatabase)")
            for template in [base, later] {
                try await session.executeScript("ALTER DATABASE \(template) IS_TEMPLATE true ALLOW_CONNECTIONS false")
            }
        }
        return missing
    }

    private func createExtensions(in session: Session) async throws -> [String] {
        var missing: [String] = []
        for name in SupabaseShape.extensions {
            let found = try await session.query("SELECT 1 FROM pg_available_extensions WHERE name = \(name)")
            if found.isEmpty {
                missing.append(name)
            } else {
                let quoted = SQLQuoting.identifier(name)
                try await session.executeScript("CREATE EXTENSION \(quoted) WITH SCHEMA extensions")
            }
        }
        return missing
    }

    private func inDatabase<Value: Sendable>(
        _ database: String,
        _ body: (Session) async throws -> Value
    ) async throws -> Value {
        let session = try await Session.connect(
            to: server.settings(database: database, user: "supabase_admin"),
            applicationName: "wheels-db/local"
        )
        do {
            let value = try await body(session)
            await session.close()
            return value
        } catch {
            await session.close()
            throw error
        }
    }
}
