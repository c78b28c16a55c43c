public import PostgresClient
import PostgresTypes

/// Which database this is, as far as the server can say: what a copy of its rows elsewhere does not share.
///
/// A dump restored into another project meets another system identifier. A physical copy of a project keeps the
/// identifier; it has another ref. A database copied within a server has another number.
public struct ProjectIdentity: Sendable, Hashable {
    /// The project ref, where the URL shows one.
    public let ref: String?
    /// The number that `initdb` gave the cluster.
    public let systemIdentifier: String
    /// The database's number within the cluster.
    public let database: String

    /// Reads the identity.
    ///
    /// - Parameters:
    ///   - session: A session to the database.
    ///   - ref: The project ref, where it is known.
    /// - Returns: The identity.
    /// - Throws: `PostgresError`.
    public static func read(in session: Session, ref: String?) async throws -> ProjectIdentity {
        let rows = try await session.query(
            """
            select s.system_identifier::text as system_identifier, d.oid::text as database
            from pg_catalog.pg_control_system() s,
              pg_catalog.pg_database d where d.datname = pg_catalog.current_database()
            """)
        guard let row = rows.first else {
            throw PostgresError(kind: .unexpectedAnswer, message: "The server does not say which cluster it is")
        }
        return ProjectIdentity(
            ref: ref, systemIdentifier: try row.value("system_identifier"), database: try row.value("database"))
    }
}
