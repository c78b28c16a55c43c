/// One rule of `policy lint`: what it is called, what it is about, and how it looks.
///
/// A rule gets one reading of the catalog and returns what it finds, in the order of the catalog. It never asks the
/// database itself, so that all rules speak of the same moment.
public protocol PolicyRule: Sendable {
    /// The rule's name and documentation.
    static var info: LintRuleInfo { get }
    /// Looks at the catalog.
    ///
    /// - Parameter context: The catalog and what several rules need.
    /// - Returns: The findings.
    static func findings(in context: LintContext) -> [LintFinding]
}

/// A rule's name, level and documentation.
public struct LintRuleInfo: Sendable, Hashable {
    /// What a rule protects.
    public enum Category: String, Sendable, Hashable {
        /// Rows or rights reach somebody they should not.
        case security = "SECURITY"
        /// Queries are slower than they have to be.
        case performance = "PERFORMANCE"
    }

    /// The name, for the advisor's lints that of the advisor, such as `rls_disabled_in_public`.
    public let name: String
    /// The advisor's number, such as `0013`; `nil` for rules of ours.
    public let number: String?
    /// The title.
    public let title: String
    /// How much a finding matters.
    public let level: LintLevel
    /// What it protects.
    public let category: Category
    /// What it looks for, in one sentence.
    public let summary: String
    /// Why that hurts, and what to do; Markdown.
    public let reason: String
    /// SQL that is found.
    public let bad: String
    /// SQL that is not.
    public let good: String

    init(
        _ name: String,
        number: String? = nil,
        _ title: String,
        _ level: LintLevel,
        _ category: Category = .security,
        summary: String,
        reason: String,
        bad: String,
        good: String
    ) {
        self.name = name
        self.number = number
        self.title = title
        self.level = level
        self.category = category
        self.summary = summary
        self.reason = reason
        self.bad = bad
        self.good = good
    }

    /// Where more about it stands: the advisor's page, or ours.
    public var link: String {
        guard let number else { return "docs/LINT-RULES.md#\(name)" }
        return "https://supabase.com/docs/guides/database/database-linter?lint=\(number)_\(name)"
    }
}
