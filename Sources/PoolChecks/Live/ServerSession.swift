/// One row of `pg_stat_activity`: a connection and what it is doing.
public struct ServerSession: Sendable, Hashable, Codable {
    /// The server process.
    public var pid: Int
    /// The role it logged in as.
    public var role: String?
    /// The database.
    public var database: String?
    /// `application_name`, where one is set.
    public var application: String?
    /// The client's address; `nil` for a socket on the server's machine.
    public var address: String?
    /// `active`, `idle`, `idle in transaction`, `idle in transaction (aborted)`, …; `nil` where it may not be seen.
    public var state: String?
    /// `client backend`, `walsender`, …; `nil` where it may not be seen.
    public var backendType: String?
    /// Whether it is the connection that looked.
    public var isOwn = false
    /// Seconds since the connection began.
    public var age: Double?
    /// Seconds since its transaction began.
    public var transactionAge: Double?
    /// Seconds since its state last changed.
    public var stateAge: Double?
    /// What kind of thing it waits for, such as `Lock`.
    public var waitType: String?
    /// What it waits for.
    public var waitEvent: String?
    /// How many transactions ago the oldest row version began that it keeps vacuum from removing.
    public var horizonAge: Int?
    /// The processes that it waits for; 0 stands for a prepared transaction.
    public var blockedBy: [Int] = []
    /// The table locks it holds, strongest first, such as `AccessExclusiveLock on public.trips`.
    public var locks: [String] = []
    /// The begin of its last statement.
    public var query: String?

    /// A session by its process.
    ///
    /// - Parameter pid: The server process.
    public init(pid: Int) { self.pid = pid }

    /// Whether it takes one of the slots of `max_connections`.
    ///
    /// A role that may not see others sees no backend type; then every session with a role counts, which can only be too
    /// many.
    public var takesSlot: Bool { backendType == "client backend" || backendType == nil && role != nil }

    /// Whether it holds a transaction open without doing anything, aborted or not.
    public var isIdleInTransaction: Bool { state?.hasPrefix("idle in transaction") == true }

    /// Process, role, application and state in one phrase.
    public var description: String {
        var parts = ["role \(role ?? "?")"]
        if let application { parts.append(application) }
        if let address { parts.append("from \(address)") }
        parts.append(state ?? backendType ?? "state hidden")
        return "process \(pid) (\(parts.joined(separator: ", ")))"
    }
}

/// A role that may log in, as far as limits and guards go.
public struct RoleFacts: Sendable, Hashable, Codable {
    /// The role's name.
    public var name: String
    /// `CONNECTION LIMIT`; `nil` for none.
    public var limit: Int?
    /// Whether it gets the reserved slots and no limit counts.
    public var isSuperuser: Bool
    /// Its `idle_in_transaction_session_timeout`, where one is set; `0` is off.
    public var idleInTransactionTimeout: String?

    /// A role by its facts.
    ///
    /// - Parameters:
    ///   - name: The role's name.
    ///   - limit: `CONNECTION LIMIT`; `nil` for none.
    ///   - isSuperuser: Whether it is a superuser.
    ///   - idleInTransactionTimeout: Its `idle_in_transaction_session_timeout`, where one is set.
    public init(
        name: String,
        limit: Int? = nil,
        isSuperuser: Bool = false,
        idleInTransactionTimeout: String? = nil
    ) {
        self.name = name
        self.limit = limit
        self.isSuperuser = isSuperuser
        self.idleInTransactionTimeout = idleInTransactionTimeout
    }
}
