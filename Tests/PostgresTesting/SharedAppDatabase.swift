public import LocalPostgres

/// A database with the application's own schema that many tests share: it stays until the process ends.
///
/// For tests that only read, or roll back what they write, and need more rows than each of them should insert.
public enum SharedAppDatabase: Sendable {
    /// Makes the database on the tests' server.
    ///
    /// - Parameters:
    ///   - name: Its name, which no other test uses.
    ///   - era: What the API roles get on new objects.
    /// - Returns: The server, which says how to connect.
    /// - Throws: `LocalServerError` without a server; `PostgresError`.
    public static func make(named name: String, era: DefaultPrivilegesEra) async throws -> LocalServer {
        let server = try await ThrowawayServer.shared
        try await server.copyDatabase(AppTemplate.shared.database(of: era, on: server), as: name)
        return server
    }
}
