import ProjectHealth
import Yams

/// What a variable has to be, where.
struct VariableRequirement: Sendable, Equatable {
    var rule: VariableRule
    /// The environments it is required in; empty means all.
    var environments: [String] = []
    /// The services that need it; empty means all.
    var services: [String] = []

    /// Whether the rule counts for a service in an environment; without a service, those of every service count.
    func applies(to environment: String, service: String?) -> Bool {
        guard environments.isEmpty || environments.contains(environment) else { return false }
        guard let service, !services.isEmpty else { return true }
        return services.contains(service)
    }
}

extension VariableRequirement {
    private static let keys = [
        "rule", "equals", "not_equals", "one_of", "contains", "excludes", "min_length", "key", "environments",
        "services",
    ]

    private static let bareRules: [(name: String, rule: VariableRule)] = [
        ("present", .present), ("forbidden", .forbidden), ("url", .url), ("ref", .ref), ("database", .database),
        ("session_database", .sessionDatabase),
    ]

    /// Reads `NAME: present|url|ref|…`, a mapping with one rule, or a list of such.
    static func read(_ node: ConfigurationNode) throws(CommandError) -> [VariableRequirement] {
        guard case .sequence = node.node else { return [try one(node)] }
        var requirements: [VariableRequirement] = []
        for item in try node.items() { requirements.append(try one(item)) }
        return requirements
    }

    private static func one(_ node: ConfigurationNode) throws(CommandError) -> VariableRequirement {
        if case .scalar = node.node { return VariableRequirement(rule: try bareRule(node)) }
        let fields = try node.fields(keys)
        var rules: [VariableRule] = []
        if let bare = fields["rule"] { rules.append(try bareRule(bare)) }
        if let text = fields["equals"] { rules.append(.equals(try text.string())) }
        if let list = fields["not_equals"] { rules.append(.notEquals(try list.oneOrMoreStrings())) }
        if let list = fields["one_of"] { rules.append(.oneOf(try list.strings())) }
        if let list = fields["contains"] { rules.append(.contains(try list.oneOrMoreStrings())) }
        if let list = fields["excludes"] { rules.append(.excludes(try list.oneOrMoreStrings())) }
        if let number = fields["min_length"] { rules.append(.minimumLength(try number.integer(atLeast: 1))) }
        if let role = fields["key"] { rules.append(.key(try role.choice(SupabaseKey.Role.self))) }
        guard rules.count <= 1 else {
            throw node.error(
                "config.two-rules", "\(node.path) has \(rules.count) rules, and takes one; a list takes several.")
        }
        return VariableRequirement(
            rule: rules.first ?? .present,
            environments: try fields["environments"]?.strings() ?? [],
            services: try fields["services"]?.strings() ?? []
        )
    }

    private static func bareRule(_ node: ConfigurationNode) throws(CommandError) -> VariableRule {
        let name = try node.string()
        if let known = bareRules.first(where: { $0.name == name }) { return known.rule }
        let names = bareRules.map(\.name)
        throw node.error(
            "config.unknown-value",
            "\(node.path) takes \(names.joined(separator: ", ")), or a mapping with equals, not_equals, one_of,"
                + " contains, excludes, min_length or key."
        )
    }
}

extension ConfigurationNode {
    /// A text, or a list of texts.
    fileprivate func oneOrMoreStrings() throws(CommandError) -> [String] {
        guard case .sequence = node else { return [try string()] }
        return try strings()
    }
}
