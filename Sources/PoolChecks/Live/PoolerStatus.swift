public import PostgresClient
import PostgresTypes

/// What PgBouncer says about its pools.
public struct PoolerStatus: Sendable, Hashable, Codable {
    /// One pool: the server connections of a database and a user.
    public struct Pool: Sendable, Hashable, Codable {
        /// The database as clients name it.
        public var database: String
        /// The user.
        public var user: String
        /// `session`, `transaction` or `statement`.
        public var mode: String?
        /// Clients with a server connection, or without need of one.
        public var activeClients: Int
        /// Clients that wait for a server connection.
        public var waitingClients: Int
        /// Server connections that work for a client.
        public var activeServers: Int
        /// Server connections that wait for a client.
        public var idleServers: Int
        /// Server connections that are being made.
        public var newServers: Int
        /// How long the first client in the queue has waited, in seconds.
        public var longestWait: Double
        /// The most server connections of this pool, where the console tells it.
        public var size: Int?

        /// A pool by its numbers.
        ///
        /// - Parameters:
        ///   - database: The database as clients name it.
        ///   - user: The user.
        ///   - mode: How connections are shared.
        ///   - activeClients: Clients with a server connection, or without need of one.
        ///   - waitingClients: Clients that wait for one.
        ///   - activeServers: Server connections that work for a client.
        ///   - idleServers: Server connections that wait for a client.
        ///   - newServers: Server connections that are being made.
        ///   - longestWait: How long the first client in the queue has waited, in seconds.
        ///   - size: The most server connections of this pool.
        public init(
            database: String,
            user: String,
            mode: String? = nil,
            activeClients: Int = 0,
            waitingClients: Int = 0,
            activeServers: Int = 0,
            idleServers: Int = 0,
            newServers: Int = 0,
            longestWait: Double = 0,
            size: Int? = nil
        ) {
            self.database = database
            self.user = user
            self.mode = mode
            self.activeClients = activeClients
            self.waitingClients = waitingClients
            self.activeServers = activeServers
            self.idleServers = idleServers
            self.newServers = newServers
            self.longestWait = longestWait
            self.size = size
        }
    }

    /// Clients that are alike.
    public struct ClientGroup: Sendable, Hashable, Codable {
        /// The database as clients name it.
        public let database: String
        /// The user.
        public let user: String
        /// The client's address.
        public let address: String
        /// `application_name`, where the console tells it.
        public let application: String
        /// `active`, `waiting`, `idle`, ….
        public let state: String
        /// How many there are.
        public let count: Int
    }

    /// The pools, the console's own left out.
    public var pools: [Pool]
    /// The clients, the largest group first.
    public var clients: [ClientGroup]

    /// The state of a pooler.
    ///
    /// - Parameters:
    ///   - pools: Its pools.
    ///   - clients: Its clients.
    public init(pools: [Pool], clients: [ClientGroup] = []) {
        self.pools = pools
        self.clients = clients
    }

    /// The database that is the console.
    public static let console = "pgbouncer"

    /// Asks a console.
    ///
    /// - Parameters:
    ///   - session: A session with the database `pgbouncer`, as one of its `admin_users` or `stats_users`.
    ///   - limit: How long each answer may take.
    /// - Returns: Pools and clients.
    /// - Throws: `PostgresError`, or `PostgresValueError` when an answer is none that a console gives.
    public static func read(_ session: Session, within limit: Duration = .seconds(10)) async throws -> PoolerStatus {
        let sizes = try await sizes(session, limit)
        let pools = try await session.simpleQuery("SHOW POOLS", within: limit).compactMap { row -> Pool? in
            let database = try row.value("database", as: String.self)
            guard database != console else { return nil }
            var pool = Pool(database: database, user: try row.value("user"))
            pool.mode = row.has("pool_mode") ? try row.text("pool_mode") : nil
            pool.activeClients = try row.value("cl_active")
            pool.waitingClients = try row.value("cl_waiting")
            pool.activeServers = try row.value("sv_active")
            pool.idleServers = try row.value("sv_idle", as: Int.self) + row.value("sv_used", as: Int.self)
            pool.newServers = try row.value("sv_login")
            pool.longestWait = try row.value("maxwait", as: Double.self)
            if row.has("maxwait_us") { pool.longestWait += try row.value("maxwait_us", as: Double.self) / 1_000_000 }
            pool.size = sizes[database]
            return pool
        }
        return PoolerStatus(pools: pools, clients: try await clients(session, limit))
    }

    private static func sizes(_ session: Session, _ limit: Duration) async throws -> [String: Int] {
        try await session.simpleQuery("SHOW DATABASES", within: limit).reduce(into: [:]) { sizes, row in
            sizes[try row.value("name", as: String.self)] = try row.optional("pool_size", as: Int.self)
        }
    }

    private static func clients(_ session: Session, _ limit: Duration) async throws -> [ClientGroup] {
        let clients = try await session.simpleQuery("SHOW CLIENTS", within: limit).map { row in
            ClientGroup(
                database: try row.value("database"), user: try row.value("user"), address: try row.value("addr"),
                application: row.has("application_name") ? try row.text("application_name") ?? "" : "",
                state: try row.value("state"), count: 1)
        }
        let groups = Dictionary(grouping: clients.filter { $0.database != console }) { $0 }
        return groups.map { one, all in
            ClientGroup(
                database: one.database, user: one.user, address: one.address, application: one.application,
                state: one.state, count: all.count)
        }
        .sorted { ($1.count, $0.user, $0.state) < ($0.count, $1.user, $1.state) }
    }
}

extension Row {
    fileprivate func has(_ column: String) -> Bool { columnNames.contains(column) }
}
