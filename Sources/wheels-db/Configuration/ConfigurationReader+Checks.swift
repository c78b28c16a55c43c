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
        let services = configuration.services.keys.sorted()
        for (name, rules) in configuration.requiredVariables.sorted(by: { $0.key < $1.key }) {
            for environment in rules.flatMap(\.environments) where !environments.contains(environment) {
                throw try undeclared(
                    environment,
                    "required_variables.\(name) names the environment \"\(environment)\", which is not declared.",
                    known: environments,
                    at: fields.required("required_variables")
                )
            }
            // A service without pools need not be declared; a name that is almost a declared one is a typo.
            for service in rules.flatMap(\.services) where !services.contains(service) {
                guard NearestName.match(for: service, among: services) != nil else { continue }
                throw try undeclared(
                    service,
                    "required_variables.\(name) names the service \"\(service)\", which is not declared.",
                    known: services,
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
