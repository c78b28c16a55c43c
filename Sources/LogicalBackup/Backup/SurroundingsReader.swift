import CatalogInspection
import PostgresClient
import SealedStreams

/// Reads the surroundings of a backup in the leader's snapshot.
struct SurroundingsReader {
    /// What was read: the part for the manifest, and the SQL that holds what may be secret.
    struct Outcome {
        var surroundings: BackupSurroundings
        var script: String
    }

    let leader: Session
    /// The database's name.
    let database: String
    let options: BackupOptions

    /// Reads everything but what the end of the run alone knows.
    ///
    /// - Parameters:
    ///   - server: What the server was right after the snapshot.
    ///   - client: What `pg_dump --version` prints.
    ///   - format: The format of the archive.
    /// - Returns: The surroundings, their bytes still open.
    /// - Throws: `PostgresError`, but not for a missing right.
    func read(server: ServerDescription, client: String, format: Int) async throws -> Outcome {
        let roles = try await RoleQuery.roles(in: leader)
        let memberships = try await RoleQuery.memberships(in: leader)
        let settings = try await RoleQuery.settings(in: leader)
        let surroundings = BackupSurroundings(
            server: server,
            roles: roles,
            memberships: memberships,
            roleSettings: settings.map(\.withoutSecret),
            defaultPrivileges: try await DefaultPrivilegeQuery.defaultPrivileges(in: leader),
            publications: try await PublicationQuery.publications(in: leader),
            cronJobs: try await CronQuery.jobs(in: leader),
            storageBuckets: try await StorageQuery.buckets(in: leader),
            requiredVariables: options.requiredVariables?.sorted(),
            bytesReceived: 0,
            bytesNotCounted: ["pg_dump"],
            software: SoftwareVersions(
                tool: options.toolVersion,
                format: format,
                client: client,
                libpq: ClientLibrary.version,
                zstd: LibraryVersions.zstd,
                openSSL: LibraryVersions.openSSL
            )
        )
        let script = RoleScript(database: database, roles: roles, memberships: memberships, settings: settings)
        return Outcome(surroundings: surroundings, script: script.text)
    }
}
