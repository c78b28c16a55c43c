import Diagnostics
import Yams

extension ConfigurationReader {
    /// The document of a text, or `nil` for an empty one.
    static func compose(_ text: String, source: ConfigurationSource) throws(CommandError) -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw unreadable(error, source: source)
        } catch {
            throw CommandError("config.unreadable", "\(source.file) is no YAML document.")
        }
    }

    private static func unreadable(_ error: YamlError, source: ConfigurationSource) -> CommandError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            let span = source.span(mark, showing: 0)
            return CommandError("config.unreadable", "\(span): \(problem).", span: span)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let span = source.span(context.mark, showing: 0)
            let keys = duplicates.map { "\"\($0)\"" }.sorted().joined(separator: ", ")
            return CommandError("config.duplicate-key", "\(span): key \(keys) stands there twice.", span: span)
        default:
            return CommandError("config.unreadable", "\(source.file) is no YAML document.")
        }
    }

    /// Names that one section uses and another declares.
    static func checkReferences(
        of configuration: Configuration,
        fields: ConfigurationFields
    ) throws(CommandError) {
        let resources = ["database"] + configuration.resources.keys.sorted()
        for (name, service) in configuration.services.sorted(by: { $0.key < $1.key }) {
            for pool in service.pools where !resources.contains(pool.resource) {
                throw try undeclared(
                    pool.resource,
                    "services.\(name): pool \(pool.name) draws from \"\(pool.resource)\", which is not under resources.",
                    known: resources,
                    at: fields.required("services")
                )
            }
        }
        let environments = configuration.environments.keys.sorted()
        for (name, variable) in configuration.requiredVariables.sorted(by: { $0.key < $1.key }) {
            for environment in variable.environments where !environments.contains(environment) {
                throw try undeclared(
                    environment,
                    "required_variables.\(name) names the environment \"\(environment)\", which is not declared.",
                    known: environments,
                    at: fields.required("required_variables")
                )
            }
        }
    }

    private static func undeclared(
        _ name: String,
        _ message: String,
        known: [String],
        at node: ConfigurationNode
    ) -> CommandError {
        let remedy = NearestName.match(for: name, among: known).map { Remedy("Did you mean \"\($0)\"?") }
        return node.error("config.undeclared-name", message, remedy: remedy)
    }
}

extension VariableRequirement {
    /// Reads `NAME: present|url|ref`, or a mapping with one rule and optional `environments`.
    init(reading node: ConfigurationNode) throws(CommandError) {
        if case .scalar = node.node {
            self.init(rule: try Self.bareRule(node))
            return
        }
        let fields = try node.fields(["rule", "equals", "one_of", "contains", "environments"])
        var rules: [Rule] = []
        if let bare = fields["rule"] { rules.append(try Self.bareRule(bare)) }
        if let text = fields["equals"] { rules.append(.equals(try text.string())) }
        if let list = fields["one_of"] { rules.append(.oneOf(try list.strings())) }
        if let list = fields["contains"] { rules.append(.contains(try list.strings())) }
        guard rules.count <= 1 else {
            throw node.error("config.two-rules", "\(node.path) has \(rules.count) rules, and takes one.")
        }
        self.init(rule: rules.first ?? .present, environments: try fields["environments"]?.strings() ?? [])
    }

    private static func bareRule(_ node: ConfigurationNode) throws(CommandError) -> Rule {
        switch try node.string() {
        case "present": return .present
        case "url": return .url
        case "ref": return .ref
        default:
            throw node.error(
                "config.unknown-value",
                "\(node.path) takes present, url or ref, or a mapping with equals, one_of or contains."
            )
        }
    }
}
