import CatalogInspection
import PostgresClient
import SealedStreams

/// Reads the surroundings of a backup in the leader's snapshot.
struct SurroundingsReader {
    let leader: Session
    let options: BackupOptions

    /// Reads everything but what the end of the run alone knows.
    ///
    /// - Parameters:
    ///   - server: What the server was right after the snapshot.
    ///   - client: What `pg_dump --version` prints.
    ///   - format: The format of the archive.
    ///   - roles: The roles, read before.
    /// - Returns: The surroundings, their bytes still open.
    /// - Throws: `PostgresError`, but not for a missing right.
    func read(
        server: ServerDescription,
        client: String,
        format: Int,
        roles: ServerRoles
    ) async throws -> BackupSurroundings {
        BackupSurroundings(
            server: server,
            roles: roles.roles,
            memberships: roles.memberships,
            roleSettings: roles.settings.map(\.withoutSecret),
            defaultPrivileges: try await DefaultPrivilegeQuery.defaultPrivileges(in: leader),
            publications: try await PublicationQuery.publications(in: leader),
            cronJobs: try await CronQuery.jobs(in: leader),
            storageBuckets: try await StorageQuery.buckets(in: leader),
            requiredVariables: options.requiredVariables?.sorted(),
            databaseBytes: try await databaseBytes(),
            bytesReceived: 0,
            bytesNotCounted: [],
            software: SoftwareVersions(
                tool: options.toolVersion,
                format: format,
                client: client,
                libpq: ClientLibrary.version,
                zstd: LibraryVersions.zstd,
                openSSL: LibraryVersions.openSSL
            )
        )
    }

    /// The size of the database.
    ///
    /// A role that may not connect any more may not know it either, and an error would end the
    /// transaction.
    func databaseBytes() async throws -> Int? {
        let rows = try await leader.query(
            """
            select case when pg_catalog.has_database_privilege(pg_catalog.current_database(), 'connect')
                or pg_catalog.pg_has_role('pg_read_all_stats', 'usage')
              then pg_catalog.pg_database_size(pg_catalog.current_database()) end::text as bytes
            """
        )
        return rows.first?[0].flatMap { Int($0) }
    }
}
