import Diagnostics
import PoolChecks

/// The sections about connections: `connections`, `services` and their pools.
extension ConfigurationReader {
    /// The largest number of connections, instances or processes that is taken for meant.
    static let mostConnections = 10_000

    static func connections(_ node: ConfigurationNode) throws(CommandError) -> ConnectionBudgetSettings {
        let fields = try node.fields(["limit", "reserved", "margin", "pooler", "platform"])
        var settings = ConnectionBudgetSettings()
        settings.limit = try fields["limit"]?.integer(atLeast: 1, atMost: mostConnections) ?? settings.limit
        settings.reserved = try fields["reserved"]?.integer(atMost: mostConnections) ?? settings.reserved
        settings.margin = try fields["margin"]?.integer(atMost: mostConnections)
        if let pooler = fields["pooler"] {
            let fields = try pooler.fields(["pool_size", "max_clients"])
            settings.poolSize = try fields["pool_size"]?.integer(atLeast: 1, atMost: mostConnections)
            settings.maxClients = try fields["max_clients"]?.integer(atLeast: 1, atMost: mostConnections)
        }
        if let platform = fields["platform"] {
            let fields = try platform.fields(PlatformConsumer.defaults.map(\.name))
            for (name, value) in fields.values {
                settings.platform[name] = try value.integer(atMost: mostConnections)
            }
        }
        return settings
    }

    static func service(_ node: ConfigurationNode) throws(CommandError) -> ServiceSettings {
        let fields = try node.fields([
            "instances", "max_instances", "processes", "surge", "role", "application", "pooled", "pools",
        ])
        var settings = ServiceSettings()
        settings.instances = try fields["instances"]?.integer(atMost: mostConnections) ?? 1
        settings.maxInstances = try fields["max_instances"]?.integer(
            atLeast: settings.instances, atMost: mostConnections)
        settings.processes = try fields["processes"]?.integer(atLeast: 1, atMost: mostConnections) ?? 1
        settings.surge = try fields["surge"]?.integer(atMost: mostConnections)
        settings.role = try fields["role"]?.string()
        settings.application = try fields["application"]?.string()
        settings.route = try fields["pooled"]?.choice(DeclaredService.Route.self) ?? .direct
        for pool in try fields["pools"]?.items() ?? [] {
            let read = try self.pool(pool)
            guard !settings.pools.contains(where: { $0.name == read.name }) else {
                throw pool.error("config.duplicate-name", "\(node.path) has two pools named \"\(read.name)\".")
            }
            settings.pools.append(read)
        }
        return settings
    }

    private static func pool(_ node: ConfigurationNode) throws(CommandError) -> PoolSettings {
        let fields = try node.fields(["name", "size", "overflow", "min", "resource"])
        var settings = PoolSettings(
            name: try fields.required("name").string(),
            size: try fields.required("size").integer(atMost: mostConnections)
        )
        settings.overflow = try fields["overflow"]?.integer(atMost: mostConnections) ?? 0
        settings.minimum = try fields["min"]?.integer(atMost: settings.size + settings.overflow) ?? 1
        settings.resource = try fields["resource"]?.string() ?? "database"
        return settings
    }
}

extension PoolBudget {
    /// The budget that a configuration declares.
    init(_ configuration: Configuration) {
        self.init()
        limit = configuration.connections.limit
        reserved = configuration.connections.reserved
        margin = configuration.connections.margin
        pooler.poolSize = configuration.connections.poolSize ?? pooler.poolSize
        pooler.maxClients = configuration.connections.maxClients ?? pooler.maxClients
        platform = PlatformConsumer.defaults(changedBy: configuration.connections.platform)
        resources = configuration.resources
        services = configuration.services.sorted { $0.key < $1.key }.map { name, settings in
            DeclaredService(
                name: name,
                instances: settings.maxInstances ?? settings.instances,
                processes: settings.processes,
                surge: settings.surge,
                role: settings.role,
                application: settings.application,
                route: settings.route,
                pools: settings.pools.map {
                    DeclaredPool(
                        name: $0.name, size: $0.size, overflow: $0.overflow, minimum: $0.minimum, resource: $0.resource)
                }
            )
        }
    }
}
