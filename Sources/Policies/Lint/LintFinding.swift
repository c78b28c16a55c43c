public import Diagnostics

/// One thing a rule found: the advisor's columns, who can reach it, and the SQL that removes it.
public struct LintFinding: Sendable, Hashable {
    /// The rule that found it.
    public let rule: LintRuleInfo
    /// How much it matters here; a rule may be milder on a small table.
    public let level: LintLevel
    /// What exceptions call the object: `public.profiles`, `public.is_admin()`, `admin`.
    public let object: String
    /// The policy, where it is about one.
    public let policy: String?
    /// What was found, on what.
    public let detail: String
    /// Which API role can reach it, or that none can.
    public let reach: String
    /// What to do.
    public let advice: String
    /// The statements that do it, ready to run.
    public let sql: [String]
    /// Findings of one action are shown together: one fix, or one kind of fix, removes them.
    public let action: String
    /// The advisor's metadata: at least `schema`, `name` and `type`, where there are such.
    public let metadata: [String: LintValue]
    /// The advisor's key.
    public let cacheKey: String

    init(
        rule: LintRuleInfo,
        level: LintLevel? = nil,
        object: String,
        policy: String? = nil,
        detail: String,
        reach: String,
        advice: String,
        sql: [String] = [],
        action: String? = nil,
        metadata: [String: LintValue] = [:],
        cacheKey: String? = nil
    ) {
        self.rule = rule
        self.level = level ?? rule.level
        self.object = object
        self.policy = policy
        self.detail = detail
        self.reach = reach
        self.advice = advice
        self.sql = sql
        self.action = action ?? (sql.isEmpty ? "\(rule.name) \(object)" : sql.joined(separator: "\n"))
        self.metadata = metadata
        self.cacheKey =
            cacheKey
            ?? ([rule.name] + object.split(separator: ".").map(String.init) + [policy].compactMap(\.self))
            .joined(separator: "_")
    }

    /// The finding for reports that know no lint.
    public var finding: Finding {
        Finding(
            code: "lint.\(rule.name)",
            severity: level.severity,
            subject: policy.map { "\(object), policy \"\($0)\"" } ?? object,
            message: "\(detail) \(reach)",
            remedy: Remedy(advice, command: sql.isEmpty ? nil : sql.joined(separator: " "))
        )
    }
}

/// How much a finding matters, in the advisor's words.
public enum LintLevel: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    /// Worth knowing.
    case info = "INFO"
    /// Works today and will hurt one day.
    case warning = "WARN"
    /// Wrong now.
    case error = "ERROR"

    /// The same in the words of other checks.
    public var severity: Severity {
        switch self {
        case .info: .note
        case .warning: .warning
        case .error: .error
        }
    }

    /// Orders levels from the mildest to the gravest.
    public static func < (lhs: LintLevel, rhs: LintLevel) -> Bool { lhs.severity < rhs.severity }
}

/// What a finding's metadata holds.
public enum LintValue: Sendable, Hashable, Encodable {
    /// A text.
    case text(String)
    /// A list of texts.
    case list([String])
    /// A flag.
    case flag(Bool)
    /// No value.
    case null

    /// Writes the plain value.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .list(let list): try container.encode(list)
        case .flag(let flag): try container.encode(flag)
        case .null: try container.encodeNil()
        }
    }
}

extension LintFinding: Encodable {
    private enum Key: String, CodingKey {
        case name
        case title
        case level
        case facing
        case categories
        case description
        case detail
        case remediation
        case metadata
        case cacheKey
        case object
        case policy
        case reach
        case advice
        case sql
    }

    /// Writes the advisor's ten columns, and what is ours beside them.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(rule.name, forKey: .name)
        try container.encode(rule.title, forKey: .title)
        try container.encode(level, forKey: .level)
        try container.encode("EXTERNAL", forKey: .facing)
        try container.encode([rule.category.rawValue], forKey: .categories)
        try container.encode(rule.summary, forKey: .description)
        try container.encode(detail, forKey: .detail)
        try container.encode(rule.link, forKey: .remediation)
        try container.encode(metadata, forKey: .metadata)
        try container.encode(cacheKey, forKey: .cacheKey)
        try container.encode(object, forKey: .object)
        try container.encodeIfPresent(policy, forKey: .policy)
        try container.encode(reach, forKey: .reach)
        try container.encode(advice, forKey: .advice)
        try container.encode(sql, forKey: .sql)
    }
}
