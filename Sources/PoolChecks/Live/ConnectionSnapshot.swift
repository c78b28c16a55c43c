/// Who holds the connections of a server at one moment.
///
/// ```swift
/// let snapshot = try await ConnectionSnapshot.read(session)
/// if snapshot.free < jobs { … }
/// ```
public struct ConnectionSnapshot: Sendable, Hashable, Codable {
    /// When it was taken, in seconds since 1970, by the server's clock.
    public var takenAt: Double
    /// The server's version number, such as 150018.
    public var serverVersion: Int
    /// `max_connections`.
    public var maxConnections: Int
    /// `superuser_reserved_connections`.
    public var superuserReserved: Int
    /// `reserved_connections` of PostgreSQL 16 and newer; 0 before.
    public var reserved: Int
    /// `idle_in_transaction_session_timeout` of the server, in milliseconds; `nil` where it cannot be told.
    public var idleInTransactionTimeout: Int?
    /// The sessions of users, the own one among them.
    public var sessions: [ServerSession]
    /// The roles that may log in.
    public var roles: [RoleFacts]
    /// The databases with a `CONNECTION LIMIT`.
    public var databaseLimits: [String: Int]

    /// A snapshot by its numbers, without sessions.
    ///
    /// - Parameters:
    ///   - takenAt: When it was taken, in seconds since 1970.
    ///   - serverVersion: The server's version number.
    ///   - maxConnections: `max_connections`.
    ///   - superuserReserved: `superuser_reserved_connections`.
    ///   - reserved: `reserved_connections`.
    public init(
        takenAt: Double = 0,
        serverVersion: Int = 150_000,
        maxConnections: Int = 60,
        superuserReserved: Int = 3,
        reserved: Int = 0
    ) {
        self.takenAt = takenAt
        self.serverVersion = serverVersion
        self.maxConnections = maxConnections
        self.superuserReserved = superuserReserved
        self.reserved = reserved
        sessions = []
        roles = []
        databaseLimits = [:]
    }

    /// The slots that everyone but superusers can have: 57 of 60.
    public var limit: Int { max(0, maxConnections - superuserReserved - reserved) }
    /// The sessions that take a slot, without the one that looked.
    public var holders: [ServerSession] { sessions.filter { $0.takesSlot && !$0.isOwn } }
    /// The slots that others hold; more than ``limit`` when superusers use the reserved ones.
    public var used: Int { holders.count }
    /// The slots that are free, never less than 0; that of the connection that looked counts as free.
    public var free: Int { max(0, limit - used) }
    /// What others hold, as a part of ``limit``.
    public var share: Double { limit > 0 ? Double(used) / Double(limit) : 1 }
    /// Whether the role that looked sees the states of all sessions.
    public var isComplete: Bool { sessions.allSatisfy { $0.backendType != nil } }

    /// The slots that a role holds.
    ///
    /// - Parameter role: The role.
    /// - Returns: Their number, without the connection that looked.
    public func used(byRole role: String) -> Int { holders.count { $0.role == role } }

    /// The slots that are held in a database.
    ///
    /// - Parameter database: The database.
    /// - Returns: Their number, without the connection that looked.
    public func used(inDatabase database: String) -> Int { holders.count { $0.database == database } }

    /// The sessions that take a slot, by role, application, client and state; the largest group first.
    public var groups: [SessionGroup] {
        let keys = Dictionary(grouping: holders) { session in
            SessionGroup.Key(
                role: session.role ?? "?",
                application: session.application ?? "",
                address: session.address ?? "local",
                state: session.state ?? "hidden"
            )
        }
        return keys.map { key, sessions in
            SessionGroup(
                key: key,
                count: sessions.count,
                oldestState: sessions.compactMap(\.stateAge).max(),
                oldest: sessions.compactMap(\.age).max()
            )
        }
        .sorted { ($1.count, $0.key.words) < ($0.count, $1.key.words) }
    }
}

/// Sessions that are alike.
public struct SessionGroup: Sendable, Hashable, Codable {
    /// What they have in common.
    public struct Key: Sendable, Hashable, Codable {
        /// The role.
        public let role: String
        /// `application_name`; empty where none is set.
        public let application: String
        /// The client's address, or `local`.
        public let address: String
        /// The state, or `hidden`.
        public let state: String

        var words: String { [role, application, address, state].joined(separator: " ") }
    }

    /// What they have in common.
    public let key: Key
    /// How many there are.
    public let count: Int
    /// Seconds since the state of one of them last changed, at the longest.
    public let oldestState: Double?
    /// Seconds since one of them began, at the longest.
    public let oldest: Double?
}
