/// How a local server is set up.
public struct LocalServerOptions: Sendable, Hashable {
    /// What a crash of the machine may cost.
    public enum Durability: Sendable, Hashable {
        /// Nothing that was committed.
        case full
        /// Everything: for clusters that are thrown away. The server's own crash is still survived.
        case none
    }

    /// `max_connections`; a free Supabase project has 60, three of them for superusers.
    public var maxConnections = 60
    /// What a crash of the machine may cost.
    public var durability = Durability.full
    /// What the API roles get on new objects of the database `postgres`.
    public var era = DefaultPrivilegesEra.apiRolesGetAll
    /// Settings beyond that, by their names in `postgresql.conf`.
    public var settings: [String: String] = [:]
    /// The TCP port on 127.0.0.1; `nil` takes a free one and keeps it where it can.
    public var port: Int?

    /// The settings of a kept cluster.
    public init() {}

    /// The settings of a cluster that is thrown away.
    public static var throwaway: LocalServerOptions {
        var options = LocalServerOptions()
        options.durability = .none
        return options
    }
}
