/// A part of Supabase that holds connections to the project's database.
public struct PlatformConsumer: Sendable, Hashable {
    /// The name under `connections.platform`.
    public let name: String
    /// The role it logs in as.
    public let role: String
    /// Connections while nothing is deployed.
    public var steady: Int
    /// Connections at its peak.
    public var peak: Int
    /// Where the number comes from.
    public var source: String

    /// A consumer by its numbers.
    ///
    /// - Parameters:
    ///   - name: The name under `connections.platform`.
    ///   - role: The role it logs in as.
    ///   - steady: Connections while nothing is deployed.
    ///   - peak: Connections at its peak.
    ///   - source: Where the number comes from.
    public init(name: String, role: String, steady: Int, peak: Int, source: String) {
        self.name = name
        self.role = role
        self.steady = steady
        self.peak = peak
        self.source = source
    }

    /// What a project of the smallest size is taken to need, where the configuration says nothing else.
    public static let defaults: [PlatformConsumer] = [
        PlatformConsumer(
            name: "rest", role: "authenticator", steady: 11, peak: 11,
            source: "PostgREST's default: db-pool 10, and one connection that listens for schema changes"),
        PlatformConsumer(
            name: "auth", role: "supabase_auth_admin", steady: 10, peak: 10,
            source: "usual on hosted projects; without a setting Auth has no bound"),
        PlatformConsumer(
            name: "realtime", role: "supabase_admin", steady: 9, peak: 11,
            source: "Supabase's guide, smallest size: 3, with Postgres Changes 6 more; 2 while it migrates"),
        PlatformConsumer(
            name: "storage", role: "supabase_storage_admin", steady: 5, peak: 5,
            source: "an assumption: it goes through the pooler, which would give it up to its pool size"),
        PlatformConsumer(
            name: "pooler", role: "pgbouncer", steady: 1, peak: 1,
            source: "an assumption: the pooler's own look-up of passwords"),
        PlatformConsumer(
            name: "exporter", role: "supabase_admin", steady: 1, peak: 1,
            source: "an assumption: the metrics of the dashboard"),
        PlatformConsumer(
            name: "studio", role: "postgres", steady: 2, peak: 2,
            source: "an assumption: the SQL editor and the table editor of the dashboard"),
    ]

    /// The defaults, with numbers of the configuration in their place.
    ///
    /// - Parameter numbers: Connections by the consumer's name.
    /// - Returns: Every consumer.
    public static func defaults(changedBy numbers: [String: Int]) -> [PlatformConsumer] {
        defaults.map { consumer in
            guard let number = numbers[consumer.name] else { return consumer }
            var changed = consumer
            changed.steady = number
            changed.peak = number
            changed.source = "the configuration"
            return changed
        }
    }

    /// Roles of the platform: their sessions belong to no service of the project.
    public static let roles: Set<String> = [
        "authenticator", "dashboard_user", "pgbouncer", "supabase_admin", "supabase_auth_admin", "supabase_etl_admin",
        "supabase_read_only_user", "supabase_realtime_admin", "supabase_replication_admin", "supabase_storage_admin",
    ]
}

/// The sizes of a Supabase project's machine, by the connections they allow.
enum ComputeSize: Sendable {
    /// Smallest first; from Supabase's table "Compute and disk".
    static let connections: [(name: String, limit: Int)] = [
        ("Nano or Micro", 60), ("Small", 90), ("Medium", 120), ("Large", 160), ("XL", 240), ("2XL", 380),
        ("4XL", 480), ("8XL", 490), ("12XL", 500),
    ]
}
