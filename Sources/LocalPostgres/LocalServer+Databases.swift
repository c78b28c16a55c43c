import PostgresClient
import SQLText

extension LocalServer {
    /// Makes a database that looks like a new Supabase project, owned by `postgres`.
    ///
    /// It is a copy of a template made with the cluster: well under half a second.
    ///
    /// - Parameters:
    ///   - name: The database's name.
    ///   - era: What the API roles get on new objects.
    /// - Throws: `PostgresError`, such as 42P04 when the name is taken.
    public func createSupabaseDatabase(named name: String, era: DefaultPrivilegesEra = .apiRolesGetAll) async throws {
        try await create(name, template: era.templateDatabase)
    }

    /// Makes a database as `CREATE DATABASE` does, owned by `postgres`.
    ///
    /// The cluster's roles are those of a Supabase project; no schema is.
    ///
    /// - Parameter name: The database's name.
    /// - Throws: `PostgresError`, such as 42P04 when the name is taken.
    public func createEmptyDatabase(named name: String) async throws {
        try await create(name, template: "template0")
    }

    /// Makes a copy of a database nobody is connected to, owned by `postgres`.
    ///
    /// - Parameters:
    ///   - source: The database to copy.
    ///   - name: The copy's name.
    /// - Throws: `PostgresError`, such as 55006 when somebody is connected to the source.
    public func copyDatabase(_ source: String, as name: String) async throws {
        try await create(name, template: source)
    }

    /// Drops a database and ends the sessions in it; one that does not exist is no error.
    ///
    /// - Parameter name: The database's name.
    /// - Throws: `PostgresError`.
    public func dropDatabase(named name: String) async throws {
        try await asSuperuser("DROP DATABASE IF EXISTS \(SQLQuoting.identifier(name)) WITH (FORCE)")
    }

    private func create(_ name: String, template: String) async throws {
        try await asSuperuser(
            "CREATE DATABASE \(SQLQuoting.identifier(name)) OWNER postgres TEMPLATE \(SQLQuoting.identifier(template))"
        )
    }

    /// Runs one statement that concerns the cluster.
    private func asSuperuser(_ statement: String) async throws {
        let session = try await Session.connect(
            to: settings(user: "supabase_admin"),
            applicationName: "wheels-db/local"
        )
        do {
            try await session.executeScript(statement)
            await session.close()
        } catch {
            await session.close()
            throw error
        }
    }
}
