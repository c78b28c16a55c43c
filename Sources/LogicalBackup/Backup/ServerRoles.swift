import CatalogInspection
import PostgresClient

/// The roles of a server, who is a member of what, and their settings, secrets included: read once, for the manifest and
/// for the SQL that follows the schema.
struct ServerRoles: Sendable {
    let roles: CatalogReading<RoleInfo>
    let memberships: CatalogReading<RoleMembership>
    let settings: CatalogReading<RoleSetting>

    /// Reads them in the snapshot of a session.
    ///
    /// - Parameter session: The session.
    /// - Returns: What was read.
    /// - Throws: `PostgresError`, but not for a missing right.
    static func read(in session: Session) async throws -> ServerRoles {
        ServerRoles(
            roles: try await RoleQuery.roles(in: session),
            memberships: try await RoleQuery.memberships(in: session),
            settings: try await RoleQuery.settings(in: session)
        )
    }

    /// The SQL that follows the schema.
    ///
    /// - Parameter database: The database that its settings are for.
    /// - Returns: Lines of comments.
    func script(database: String) -> String {
        RoleScript(database: database, roles: roles, memberships: memberships, settings: settings).text
    }
}
