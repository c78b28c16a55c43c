/// A service that opens connections, as the project declares it.
public struct DeclaredService: Sendable, Hashable {
    /// How a service reaches the database.
    public enum Route: String, Sendable, Hashable, CaseIterable {
        /// Each connection takes a slot of the server.
        case direct
        /// Through a pooler that keeps a server connection for each client.
        case session
        /// Through a pooler that lends a server connection for each transaction.
        case transaction
    }

    /// The service's name.
    public var name: String
    /// The most instances that run at a time.
    public var instances: Int
    /// The processes of an instance, each with pools of its own.
    public var processes: Int
    /// Instances that a rolling deploy adds; all of them unless given.
    public var surge: Int?
    /// The role it logs in as.
    public var role: String?
    /// Its `application_name`.
    public var application: String?
    /// How it reaches the database.
    public var route: Route
    /// The pools that each process keeps.
    public var pools: [DeclaredPool]

    /// A service by its numbers.
    ///
    /// - Parameters:
    ///   - name: The service's name.
    ///   - instances: The most instances that run at a time.
    ///   - processes: The processes of an instance.
    ///   - surge: Instances that a rolling deploy adds; all of them unless given.
    ///   - role: The role it logs in as.
    ///   - application: Its `application_name`.
    ///   - route: How it reaches the database.
    ///   - pools: The pools that each process keeps.
    public init(
        name: String,
        instances: Int = 1,
        processes: Int = 1,
        surge: Int? = nil,
        role: String? = nil,
        application: String? = nil,
        route: Route = .direct,
        pools: [DeclaredPool] = []
    ) {
        self.name = name
        self.instances = instances
        self.processes = processes
        self.surge = surge
        self.role = role
        self.application = application
        self.route = route
        self.pools = pools
    }

    /// How often each pool exists while nothing is deployed.
    public var copies: Int { instances * processes }
    /// How often each pool exists while a rolling deploy runs the old and the new instances side by side.
    public var copiesAtDeploy: Int { (instances + (surge ?? instances)) * processes }
}

/// One pool that each process of a service keeps.
public struct DeclaredPool: Sendable, Hashable {
    /// The resource that stands for the slots of the database.
    public static let database = "database"

    /// The pool's name.
    public var name: String
    /// Connections it keeps.
    public var size: Int
    /// Connections it opens beyond them under load.
    public var overflow: Int
    /// The fewest connections it can work with; 0 for a pool that can be switched off.
    public var minimum: Int
    /// What it draws from: ``database``, or another limited resource.
    public var resource: String

    /// A pool by its numbers.
    ///
    /// - Parameters:
    ///   - name: The pool's name.
    ///   - size: Connections it keeps.
    ///   - overflow: Connections it opens beyond them under load.
    ///   - minimum: The fewest connections it can work with.
    ///   - resource: What it draws from.
    public init(
        name: String,
        size: Int,
        overflow: Int = 0,
        minimum: Int = 1,
        resource: String = DeclaredPool.database
    ) {
        self.name = name
        self.size = size
        self.overflow = overflow
        self.minimum = minimum
        self.resource = resource
    }

    /// The most connections it opens.
    public var most: Int { size + overflow }

    /// The same pool with fewer connections: the overflow goes first.
    ///
    /// - Parameter most: The most connections it may open from now on.
    /// - Returns: The smaller pool.
    public func limited(to most: Int) -> DeclaredPool {
        var pool = self
        pool.size = min(size, max(most, 0))
        pool.overflow = max(most, 0) - pool.size
        return pool
    }
}
