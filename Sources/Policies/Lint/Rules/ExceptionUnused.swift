/// `exception_unused`: an exception for what is not found any more.
enum ExceptionUnused: PolicyRule {
    static let info = LintRuleInfo(
        "exception_unused", "Exception Unused", .info,
        summary: "A line of the exceptions' file accepts a finding that there is no more.",
        reason: "A reason that explains nothing would hide the next finding of the same name. Remove the line.",
        bad: "rls_enabled_no_policy public.dropped_last_year only the worker used it",
        good: "rls_enabled_no_policy public.jobs only the worker uses it, as service_role"
    )

    static func findings(in context: LintContext) -> [LintFinding] { [] }

    /// The finding about one line.
    static func finding(_ entry: LintExceptions.Entry, in path: String) -> LintFinding {
        let object = entry.policy.map { "\(entry.object)/\"\($0)\"" } ?? entry.object
        return LintFinding(
            rule: info,
            object: entry.object,
            policy: entry.policy,
            detail: "\(path):\(entry.line) accepts \(entry.rule) on \(object), and nothing of that is found any more.",
            reach: "No role is concerned.",
            advice: "Remove the line.",
            action: info.name,
            metadata: ["rule": .text(entry.rule), "line": .text(String(entry.line))]
        )
    }
}
