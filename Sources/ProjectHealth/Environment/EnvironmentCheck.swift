public import Diagnostics
public import FoundationEssentials

/// Compares the variables of a process with what its environment needs.
///
/// A finding names variables, rules and what the configuration expects. It never holds a value, nor a part of one.
public struct EnvironmentCheck: Sendable {
    let environment: CheckedEnvironment
    let now: Date

    /// A check for one environment.
    ///
    /// - Parameters:
    ///   - environment: The environment.
    ///   - now: The time that keys must not have expired by.
    public init(environment: CheckedEnvironment, now: Date) {
        self.environment = environment
        self.now = now
    }

    /// What speaks against starting with these variables.
    ///
    /// - Parameters:
    ///   - rules: The rules; a variable may have several.
    ///   - variables: The variables with their values.
    /// - Returns: The findings by variable; errors are what a service must not start with.
    public func findings(for rules: [RequiredVariable], in variables: [String: String]) -> [Finding] {
        var findings: [Finding] = []
        let byName = Dictionary(grouping: rules, by: \.name)
        for (name, rules) in byName.sorted(by: { $0.key < $1.key }) {
            findings += self.findings(of: name, rules: rules.map(\.rule), value: variables[name])
        }
        for (name, value) in variables.sorted(by: { $0.key < $1.key }) where isPublished(name) {
            guard SupabaseKey(value.trimmed)?.role == SupabaseKey.Role.serviceRole.rawValue else { continue }
            findings.append(
                finding(
                    "env.secret-published", name,
                    "is built into what browsers load, and holds a key with the role service_role.",
                    "Put the anon key there, and replace the service_role key: it is to be taken for known."))
        }
        return findings
    }

    private func findings(of name: String, rules: [VariableRule], value: String?) -> [Finding] {
        guard let value, !value.trimmed.isEmpty else {
            guard rules.contains(where: { $0 != .forbidden }) else { return [] }
            return [finding("env.missing", name, "is not set.", "Set it in the settings of the service.")]
        }
        var findings: [Finding] = []
        if value != value.trimmed || value.isQuoted {
            findings.append(
                finding(
                    "env.untrimmed", name, "begins or ends with a space, a line break or a quote.",
                    "Paste it again without; most programs take such a character as part of the value.", .warning))
        }
        for rule in rules { findings += broken(rule, name: name, value: value) }
        var seen: Set<Finding> = []
        return findings.filter { seen.insert($0).inserted }
    }

    /// Variables that Vite, Next.js and Create React App compile into the page.
    private func isPublished(_ name: String) -> Bool {
        ["VITE_", "NEXT_PUBLIC_", "REACT_APP_", "EXPO_PUBLIC_"].contains { name.hasPrefix($0) }
    }

    func finding(
        _ code: String,
        _ name: String,
        _ message: String,
        _ remedy: String,
        _ severity: Severity = .error
    ) -> Finding {
        Finding(
            code: code, severity: severity, subject: name, message: "\(name) \(message)", remedy: Remedy(remedy))
    }
}

extension String {
    /// The text without white space at its ends.
    var trimmed: String {
        let end = lastIndex { !$0.isWhitespace }.map { index(after: $0) } ?? startIndex
        return String(self[..<end].drop { $0.isWhitespace })
    }

    fileprivate var isQuoted: Bool {
        count >= 2 && first == last && (first == "\"" || first == "'")
    }
}
