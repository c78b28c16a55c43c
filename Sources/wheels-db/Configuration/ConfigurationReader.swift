import Diagnostics
import Yams

/// Turns the text of `wheels-db.yml` into values, and refuses what it does not know.
enum ConfigurationReader {
    static let topLevelKeys = [
        "environments", "api_schemas", "connections", "resources", "services", "required_variables", "repository",
        "recipients", "retention", "full_every", "notifications", "recovery", "probes",
    ]

    /// Reads a configuration.
    ///
    /// - Parameters:
    ///   - text: The text of the file.
    ///   - file: The file's name for messages.
    /// - Returns: What the file says.
    /// - Throws: ``CommandError`` for text that is no YAML, unknown keys, wrong types and secrets.
    static func read(_ text: String, file: String) throws(CommandError) -> Configuration {
        let source = ConfigurationSource(file: file, text: text)
        var configuration = Configuration(file: file)
        guard let document = try compose(text, source: source) else { return configuration }
        let root = ConfigurationNode(node: document, path: "", source: source, keyMark: document.mark)
        if root.isEmpty { return configuration }
        try SecretsInConfiguration.refuse(in: root)

        let fields = try root.fields(topLevelKeys)
        configuration.environments = try named(fields["environments"], environment)
        if let node = fields["api_schemas"] { configuration.apiSchemas = try node.strings() }
        if let node = fields["connections"] { configuration.connections = try connections(node) }
        configuration.resources = try named(fields["resources"], resource)
        configuration.services = try named(fields["services"], service)
        configuration.requiredVariables = try named(fields["required_variables"], VariableRequirement.read)
        configuration.repository = try fields["repository"]?.string()
        if let node = fields["recipients"] { configuration.recipients = try recipients(node) }
        if let node = fields["retention"] { configuration.retention = try retention(node) }
        configuration.fullEvery = try fields["full_every"]?.duration()
        if let node = fields["notifications"] { configuration.notifications = try notifications(node) }
        if let node = fields["recovery"] { configuration.recovery = try recovery(node) }
        configuration.probes = try named(fields["probes"], probe)
        try checkReferences(of: configuration, fields: fields)
        return configuration
    }

    private static func named<Value>(
        _ node: ConfigurationNode?,
        _ read: (ConfigurationNode) throws(CommandError) -> Value
    ) throws(CommandError) -> [String: Value] {
        guard let node else { return [:] }
        var values: [String: Value] = [:]
        for (name, value) in try node.entries() { values[name] = try read(value) }
        return values
    }
}

// MARK: - Sections

extension ConfigurationReader {
    private static func environment(_ node: ConfigurationNode) throws(CommandError) -> EnvironmentSettings {
        let fields = try node.fields([
            "url_from", "ref", "protected", "database_size", "egress", "egress_budget", "max_rate", "give_way_after",
        ])
        var settings = EnvironmentSettings(urlFrom: try variableName(try fields.required("url_from")))
        if let ref = fields["ref"] {
            let text = try ref.string()
            guard text.allSatisfy({ $0.isASCII && ($0.isLowercase || $0.isNumber) }) else {
                throw ref.error("config.wrong-ref", "\(ref.path) is no project ref: twenty small letters and digits.")
            }
            settings.ref = text
        }
        settings.isProtected = try fields["protected"]?.boolean() ?? false
        settings.databasePlan = try fields["database_size"]?.size()
        settings.egressPlan = try fields["egress"]?.size()
        settings.egressBudget = try fields["egress_budget"]?.size()
        settings.maxRate = try fields["max_rate"].map { node throws(CommandError) in
            let rate = try node.size()
            guard rate.bytes >= LoadOptions.leastRate.bytes else {
                throw node.error("config.wrong-rate", "\(node.path) takes bytes per second, at least 64kB.")
            }
            return rate
        }
        settings.giveWayAfter = try fields["give_way_after"]?.duration()
        return settings
    }

    private static func resource(_ node: ConfigurationNode) throws(CommandError) -> Int {
        try node.fields(["limit"]).required("limit").integer(atLeast: 1, atMost: mostConnections)
    }

    private static func recipients(_ node: ConfigurationNode) throws(CommandError) -> [String] {
        var recipients: [String] = []
        for item in try node.items() {
            let text = try item.string()
            guard text.hasPrefix("age1") else {
                throw item.error("config.wrong-recipient", "\(item.path) is no recipient: it starts with age1.")
            }
            recipients.append(text)
        }
        return recipients
    }

    private static func retention(_ node: ConfigurationNode) throws(CommandError) -> RetentionSettings {
        let fields = try node.fields(["last", "hourly", "daily", "weekly", "monthly", "yearly", "within"])
        var settings = RetentionSettings()
        settings.last = try fields["last"]?.integer(atLeast: 1)
        settings.hourly = try fields["hourly"]?.integer()
        settings.daily = try fields["daily"]?.integer()
        settings.weekly = try fields["weekly"]?.integer()
        settings.monthly = try fields["monthly"]?.integer()
        settings.yearly = try fields["yearly"]?.integer()
        settings.within = try fields["within"]?.duration()
        return settings
    }

    private static func notifications(_ node: ConfigurationNode) throws(CommandError) -> [NotificationSettings] {
        var notifications: [NotificationSettings] = []
        for item in try node.items() {
            let fields = try item.fields(["url_from", "command", "as", "on", "commands"])
            var settings = NotificationSettings(receiver: try receiver(fields, of: item))
            if let shape = fields["as"] { settings.shape = try shape.choice(NotificationSettings.Shape.self) }
            if let node = fields["on"] {
                var events: [NotificationSettings.Event] = []
                for event in try node.items() { events.append(try event.choice(NotificationSettings.Event.self)) }
                settings.events = events
            }
            if let node = fields["commands"] {
                settings.commands = try node.items().map { item throws(CommandError) in
                    let command = try item.string()
                    guard NotificationSettings.notifyingCommands.contains(command) else {
                        throw item.error(
                            "config.wrong-command",
                            "\(item.path) takes one of: \(NotificationSettings.notifyingCommands.joined(separator: ", "))."
                        )
                    }
                    return command
                }
            }
            notifications.append(settings)
        }
        return notifications
    }

    /// An address, or a program with its arguments.
    private static func receiver(
        _ fields: ConfigurationFields,
        of item: ConfigurationNode
    ) throws(CommandError) -> NotificationSettings.Receiver {
        guard let command = fields["command"] else {
            return .url(from: try variableName(try fields.required("url_from")))
        }
        guard fields["url_from"] == nil, fields["as"] == nil else {
            throw item.error(
                "config.wrong-receiver",
                "\(item.path) has a command, which gets the document of a web hook: url_from and as are for addresses.")
        }
        let words = try command.strings()
        guard !words.isEmpty else { throw command.wrongType(expected: "a program and its arguments, as a list") }
        return .command(words)
    }

    private static func recovery(_ node: ConfigurationNode) throws(CommandError) -> RecoveryTargets {
        let fields = try node.fields(["point", "time"])
        return RecoveryTargets(point: try fields["point"]?.duration(), time: try fields["time"]?.duration())
    }

    private static func probe(_ node: ConfigurationNode) throws(CommandError) -> ProbeSettings {
        let fields = try node.fields(["url_from", "timeout"])
        var settings = ProbeSettings(urlFrom: try variableName(try fields.required("url_from")))
        settings.timeout = try fields["timeout"]?.duration() ?? settings.timeout
        return settings
    }

    /// The name of an environment variable; a URL in its place is the usual mistake.
    private static func variableName(_ node: ConfigurationNode) throws(CommandError) -> String {
        let name = try node.string()
        let isName = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard isName, name.first?.isNumber == false else {
            throw node.error(
                "config.wrong-variable",
                "\(node.path) takes the name of an environment variable, not its value."
            )
        }
        return name
    }
}
