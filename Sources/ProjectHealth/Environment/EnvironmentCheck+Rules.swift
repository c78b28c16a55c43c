import Diagnostics
import FoundationEssentials

extension EnvironmentCheck {
    /// What a value does against a rule.
    func broken(_ rule: VariableRule, name: String, value: String) -> [Finding] {
        switch rule {
        case .present: []
        case .forbidden:
            [
                finding(
                    "env.forbidden", name, "is set, and must not be in \(environment.name).",
                    "Remove it from the settings of the service.")
            ]
        case .equals(let expected):
            value == expected ? [] : [wrong(name, "is not \"\(expected)\".")]
        case .oneOf(let allowed):
            allowed.contains(value) ? [] : [wrong(name, "is none of \(list(allowed)).")]
        case .notEquals(let refused):
            refused.contains(value)
                ? [finding("env.refused-value", name, "is one of the values it must not be.", "Change it.")] : []
        case .minimumLength(let count):
            value.count >= count
                ? []
                : [
                    finding(
                        "env.too-short", name, "is shorter than \(count) characters.",
                        "Make a new one, for example with: openssl rand -hex 32")
                ]
        case .contains(let items): missing(items, name: name, value: value)
        case .excludes(let items): present(items, name: name, value: value)
        case .url: url(name: name, value: value)
        case .ref: project(name: name, value: value, role: Self.role(inName: name))
        case .key(let role): key(role, name: name, value: value)
        case .database: database(name: name, value: value, forMigrations: false)
        case .sessionDatabase: database(name: name, value: value, forMigrations: true)
        }
    }

    private func wrong(_ name: String, _ message: String) -> Finding {
        finding(
            "env.wrong-value", name, message,
            "Correct it in the settings of the service, or the rule in wheels-db.yml.")
    }

    private func list(_ texts: [String]) -> String {
        texts.map { "\"\($0)\"" }.joined(separator: ", ")
    }
}

// MARK: - Lists and URLs

extension EnvironmentCheck {
    /// The items of `a,b`, `a b` or `["a", "b"]`, without a slash at the end.
    private func items(_ value: String) -> Set<String> {
        let items = value.split { ",;[]\"'".contains($0) || $0.isWhitespace }
        return Set(items.map(withoutSlash))
    }

    private func withoutSlash(_ text: some StringProtocol) -> String {
        text.hasSuffix("/") ? String(text.dropLast()) : String(text)
    }

    private func missing(_ expected: [String], name: String, value: String) -> [Finding] {
        let items = items(value)
        let missing = expected.filter { !items.contains(withoutSlash($0)) }
        guard !missing.isEmpty else { return [] }
        return [finding("env.item-missing", name, "lacks \(list(missing)).", "Add what is missing to the list.")]
    }

    private func present(_ refused: [String], name: String, value: String) -> [Finding] {
        let items = items(value)
        let found = refused.filter { items.contains(withoutSlash($0)) }
        guard !found.isEmpty else { return [] }
        return [
            finding(
                "env.item-refused", name, "has \(list(found)), which must not be in \(environment.name).",
                "Remove it from the list.")
        ]
    }

    private func url(name: String, value: String) -> [Finding] {
        guard let url = PlainURL(value.trimmed) else {
            return [
                finding("env.no-url", name, "is no URL.", "Give scheme and host, such as https://app.example.org.")
            ]
        }
        guard url.isLoopback, environment.name != "local" else { return [] }
        return [
            finding(
                "env.loopback-url", name, "leads to the machine the service runs on.",
                "Give the public address, unless a server on the same machine is meant.", .warning)
        ]
    }
}

// MARK: - The project

extension EnvironmentCheck {
    /// The role that a variable's name promises.
    static func role(inName name: String) -> SupabaseKey.Role? {
        if name.contains("SERVICE_ROLE") || name.contains("SERVICE_KEY") { return .serviceRole }
        return name.contains("ANON") || name.contains("PUBLISHABLE") ? .anon : nil
    }

    private func project(name: String, value: String, role: SupabaseKey.Role?) -> [Finding] {
        guard let project = ProjectValue(value.trimmed) else {
            return [
                finding(
                    "env.no-project", name, "is no URL, connection string, key or ref of a Supabase project.",
                    "Copy it again from the dashboard of the project.")
            ]
        }
        var findings = wrongProject(project, name: name)
        if let key = project.key { findings += wrongKey(key, role: role, name: name) }
        return findings
    }

    private func key(_ role: SupabaseKey.Role, name: String, value: String) -> [Finding] {
        guard let project = ProjectValue(value.trimmed), project.key != nil else {
            return [
                finding(
                    "env.no-key", name, "is no key of Supabase.",
                    "Copy the \(role.rawValue) key again from the dashboard: Settings, API Keys.")
            ]
        }
        return self.project(name: name, value: value, role: role)
    }

    private func wrongProject(_ project: ProjectValue, name: String) -> [Finding] {
        guard let expected = environment.ref else {
            return [
                finding(
                    "env.ref-unknown", name, "cannot be compared: \(environment.name) has no ref in wheels-db.yml.",
                    "Write the project's ref under environments.\(environment.name).ref.", .warning)
            ]
        }
        guard let ref = project.ref else {
            // The newer keys say nothing about their project: nothing to compare.
            if project.key?.namesProject == false, project.key?.role != nil { return [] }
            return [
                finding(
                    "env.no-project", name, "is a \(project.kind) that names no Supabase project.",
                    "Give the one of the project \(expected).")
            ]
        }
        guard ref != expected else { return [] }
        let whose = environment.otherProjects[ref].map { "the project of \($0)" } ?? "another project"
        return [
            finding(
                "env.wrong-project", name,
                "is a \(project.kind) of \(whose), and \(environment.name) is the project \(expected).",
                "Copy it from the dashboard of \(expected).")
        ]
    }

    private func wrongKey(_ key: SupabaseKey, role: SupabaseKey.Role?, name: String) -> [Finding] {
        var findings: [Finding] = []
        if let role, key.role != role.rawValue {
            let found = SupabaseKey.Role.allCases.first { $0.rawValue == key.role }
            let what = found.map { "a key with the role \($0.rawValue)" } ?? "a key without one of the API's roles"
            findings.append(
                finding(
                    "env.wrong-role", name, "holds \(what), and needs \(role.rawValue).",
                    "Copy the \(role.rawValue) key from the dashboard: Settings, API Keys."))
        }
        guard let expires = key.expires else { return findings }
        if expires <= now {
            findings.append(finding("env.expired", name, "holds a key that has expired.", "Make a new key."))
        } else if expires < now.addingTimeInterval(30 * 86_400) {
            findings.append(
                finding(
                    "env.expires-soon", name, "holds a key that expires within 30 days.", "Plan to replace it.",
                    .warning))
        }
        return findings
    }

    private func database(name: String, value: String, forMigrations: Bool) -> [Finding] {
        guard let project = ProjectValue(value.trimmed), let connection = project.connection else {
            return [
                finding(
                    "env.no-database", name, "is no connection string of PostgreSQL.",
                    "Its form is postgresql://ROLE:PASSWORD@HOST:PORT/DATABASE; escape @ and / in the password.")
            ]
        }
        var findings = wrongProject(project, name: name)
        if forMigrations, ProjectValue.isTransactionPooler(connection, text: value) {
            findings.append(
                finding(
                    "env.transaction-pooler", name,
                    "leads to a pooler in transaction mode, which keeps neither locks nor settings.",
                    "Use the session pooler (the same host with port 5432) or db.<ref>.supabase.co:5432."))
        }
        return findings
    }
}
