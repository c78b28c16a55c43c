/// A rule for the value of one environment variable.
///
/// Every rule but ``forbidden`` needs the variable to be set and not empty.
public enum VariableRule: Sendable, Hashable {
    /// Set, to whatever.
    case present
    /// Not set at all.
    case forbidden
    /// Exactly this text.
    case equals(String)
    /// None of these texts, such as a default that nobody changed.
    case notEquals([String])
    /// One of these texts.
    case oneOf([String])
    /// At least so many characters.
    case minimumLength(Int)
    /// A URL with scheme and host.
    case url
    /// A list that has all of these items.
    case contains([String])
    /// A list that has none of these items.
    case excludes([String])
    /// A Supabase URL, connection string, key or ref of this environment's project.
    case ref
    /// A key of this environment's project with this role.
    case key(SupabaseKey.Role)
    /// A connection string that leads to this environment's project.
    case database
    /// The same, and no pooler in transaction mode: what migrations and backups need.
    case sessionDatabase
}

/// A variable that has to keep a rule.
public struct RequiredVariable: Sendable, Hashable {
    /// The variable's name.
    public let name: String
    /// What its value has to be.
    public let rule: VariableRule

    /// A variable and its rule.
    ///
    /// - Parameters:
    ///   - name: The variable's name.
    ///   - rule: What its value has to be.
    public init(_ name: String, _ rule: VariableRule) {
        self.name = name
        self.rule = rule
    }
}

/// The environment that variables are checked for.
public struct CheckedEnvironment: Sendable, Hashable {
    /// Its name, such as `production`.
    public let name: String
    /// The ref of its project, where the configuration has one.
    public let ref: String?
    /// The names of the other environments by the ref of their project.
    public let otherProjects: [String: String]

    /// An environment.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - ref: The ref of its project.
    ///   - otherProjects: The names of the other environments by ref.
    public init(name: String, ref: String? = nil, otherProjects: [String: String] = [:]) {
        self.name = name
        self.ref = ref
        self.otherProjects = otherProjects
    }
}
