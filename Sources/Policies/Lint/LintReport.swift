/// What one run of the linter found.
public struct LintReport: Sendable {
    /// A finding that is accepted, and why.
    public struct Excepted: Sendable {
        /// The finding.
        public let finding: LintFinding
        /// The written reason.
        public let reason: String
    }

    /// Findings that one action removes.
    public struct Group: Sendable {
        /// The findings, gravest first.
        public let findings: [LintFinding]

        /// The gravest level among them.
        public var level: LintLevel { findings.map(\.level).max() ?? .info }
        /// The rules that found them, each once.
        public var rules: [LintRuleInfo] { unique(findings.map(\.rule)) }
        /// What to do, each sentence once.
        public var advice: [String] { unique(findings.map(\.advice)) }
        /// The statements, each once and in order.
        public var sql: [String] { unique(findings.flatMap(\.sql)) }

        private func unique<Value: Hashable>(_ values: [Value]) -> [Value] {
            var seen: Set<Value> = []
            return values.filter { seen.insert($0).inserted }
        }
    }

    /// What was found and is not accepted.
    public let findings: [LintFinding]
    /// What was found and is accepted.
    public let excepted: [Excepted]
    /// The rules that looked.
    public let rules: [LintRuleInfo]

    /// The report with findings of a level and above only.
    ///
    /// - Parameter level: The lowest level to keep.
    /// - Returns: The narrower report.
    public func from(_ level: LintLevel) -> LintReport {
        LintReport(findings: findings.filter { $0.level >= level }, excepted: excepted, rules: rules)
    }

    /// Whether something has to be done: a finding above INFO.
    public var isBad: Bool { findings.contains { $0.level > .info } }

    /// The findings by action, gravest first.
    public var groups: [Group] {
        var order: [String] = []
        var byAction: [String: [LintFinding]] = [:]
        for finding in findings {
            if byAction[finding.action] == nil { order.append(finding.action) }
            byAction[finding.action, default: []].append(finding)
        }
        let groups = order.compactMap { byAction[$0] }.map { found in
            Group(findings: Self.stable(found) { $0.level > $1.level })
        }
        return Self.stable(groups) { $0.level > $1.level }
    }

    /// Sorts without changing the order of equals.
    private static func stable<Value>(_ values: [Value], _ precedes: (Value, Value) -> Bool) -> [Value] {
        values.enumerated().sorted { one, other in
            if precedes(one.element, other.element) { return true }
            if precedes(other.element, one.element) { return false }
            return one.offset < other.offset
        }.map(\.element)
    }
}
