public import CatalogInspection

/// What a restore point needs to know of its surroundings, and no dump of one database holds.
///
/// Each part says whether it could be read: a role without a right gets a backup that names what is missing, never one
/// in which it is silently not there. Values that may be secrets are not here but in the sealed SQL of the schema.
public struct BackupSurroundings: Sendable, Codable {
    /// The server, and where it stood when the snapshot was taken.
    public var server: ServerDescription
    /// The roles, without passwords.
    public var roles: CatalogReading<RoleInfo>
    /// Who is a member of what.
    public var memberships: CatalogReading<RoleMembership>
    /// The settings of roles and of this database; the values of those that may be secrets are left out.
    public var roleSettings: CatalogReading<RoleSetting>
    /// Default privileges, against PostgreSQL's own defaults, both ways.
    public var defaultPrivileges: CatalogReading<DefaultPrivileges>
    /// The publications.
    public var publications: CatalogReading<PublicationInfo>
    /// The jobs of pg_cron, without what they run.
    public var cronJobs: CatalogReading<CronJob>
    /// The buckets of Supabase Storage: their files are not in the backup.
    public var storageBuckets: CatalogReading<StorageBucket>
    /// The names of the variables that `wheels-db.yml` requires; `nil` without that file.
    public var requiredVariables: [String]?
    /// Bytes of the database on its server's disk; `nil` when the role may not know, or an older version made the backup.
    public var databaseBytes: Int?
    /// Bytes that the sessions of the backup have received.
    public var bytesReceived: Int
    /// Whose bytes are not in ``bytesReceived``.
    public var bytesNotCounted: [String]
    /// The programs and libraries that made the backup.
    public var software: SoftwareVersions
}

/// The programs and libraries that made a backup.
public struct SoftwareVersions: Sendable, Hashable, Codable {
    /// wheels-db.
    public var tool: String
    /// The format of the archive.
    public var format: Int
    /// The program that wrote the schema, such as `pg_dump (PostgreSQL) 15.8`.
    public var client: String
    /// libpq.
    public var libpq: String
    /// zstd.
    public var zstd: String
    /// OpenSSL.
    public var openSSL: String
}
