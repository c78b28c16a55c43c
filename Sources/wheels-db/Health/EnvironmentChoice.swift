import Diagnostics
import ProjectHealth

/// Decides which environment variables are checked for, from values alone.
struct EnvironmentChoice: Sendable {
    /// `--env`.
    let option: String?
    /// The variables that are checked.
    let variables: [String: String]
    /// The variables of the process, which may name the environment of a file.
    let outer: [String: String]

    /// The environment.
    ///
    /// - Throws: ``CommandError`` when none is named, or one that the configuration does not know. What a variable says
    ///   is not repeated: it may be a secret in the wrong place.
    func resolve(in configuration: Configuration) throws(CommandError) -> CheckedEnvironment {
        let known = configuration.environments.keys.sorted() + ["local"]
        if let option = nonEmpty(option) {
            guard known.contains(option) else {
                let nearest = NearestName.match(for: option, among: known).map { Remedy("Did you mean \"\($0)\"?") }
                throw CommandError(
                    "target.unknown-environment",
                    "\(configuration.file) has no environment \"\(option)\", which --env names.",
                    remedy: nearest ?? remedy(known))
            }
            return environment(option, configuration)
        }
        let places = [("WHEELS_ENV", variables), ("WHEELS_ENV", outer), ("ENVIRONMENT", variables)]
        for (name, variables) in places {
            guard let value = nonEmpty(variables[name]) else { continue }
            guard known.contains(value) else {
                throw CommandError(
                    "target.unknown-environment",
                    "\(name) names an environment that \(configuration.file) does not have.",
                    remedy: remedy(known))
            }
            return environment(value, configuration)
        }
        throw CommandError(
            "env.no-environment", "Nothing says which environment this is.",
            remedy: Remedy("Name it with --env, or set WHEELS_ENV or ENVIRONMENT to one of: \(list(known))."))
    }

    private func environment(_ name: String, _ configuration: Configuration) -> CheckedEnvironment {
        let others = configuration.environments.filter { $0.key != name }.sorted { $0.key < $1.key }
        let pairs = others.compactMap { other in other.value.ref.map { ($0, other.key) } }
        return CheckedEnvironment(
            name: name,
            ref: configuration.environments[name]?.ref,
            otherProjects: Dictionary(pairs) { first, _ in first }
        )
    }

    private func nonEmpty(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
    private func list(_ names: [String]) -> String { names.joined(separator: ", ") }
    private func remedy(_ known: [String]) -> Remedy { Remedy("Known: \(list(known)).") }
}

/// The rules of the configuration that count for a service in an environment.
struct RequiredVariables: Sendable {
    private let configuration: Configuration

    init(_ configuration: Configuration) { self.configuration = configuration }

    /// The rules, by variable.
    ///
    /// - Throws: ``CommandError`` for a service that nothing names, and when there is no rule at all: a check that
    ///   checks nothing must not pass.
    func rules(for environment: String, service: String?) throws(CommandError) -> [RequiredVariable] {
        let all = configuration.requiredVariables.sorted { $0.key < $1.key }
        if let service {
            let named = all.flatMap { $0.value.flatMap(\.services) }
            let known = Set(named).union(configuration.services.keys).sorted()
            guard known.contains(service) else {
                let nearest = NearestName.match(for: service, among: known).map { Remedy("Did you mean \"\($0)\"?") }
                throw CommandError(
                    "env.unknown-service", "\(configuration.file) has no service \"\(service)\".",
                    remedy: nearest ?? Remedy("Known: \(known.joined(separator: ", "))."))
            }
        }
        let rules = all.flatMap { name, requirements in
            requirements.filter { $0.applies(to: environment, service: service) }
                .map { RequiredVariable(name, $0.rule) }
        }
        guard !rules.isEmpty else {
            throw CommandError(
                "env.no-rules", "\(configuration.file) requires no variable of \(service ?? environment).",
                remedy: Remedy("Write what is required under required_variables."))
        }
        return rules
    }
}
