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
}
