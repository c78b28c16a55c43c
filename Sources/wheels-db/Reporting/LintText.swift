import Policies

/// A lint report for people: one block for each action, the gravest first.
struct LintText {
    private let report: LintReport
    private let schemas: [String]

    /// How many findings of one action are told in full; of more only the objects are named.
    private static let longestList = 8

    init(_ report: LintReport, schemas: [String]) {
        self.report = report
        self.schemas = schemas
    }

    /// The blocks and the closing line.
    var text: String {
        report.groups.map(block).joined() + closing
    }

    private func block(_ group: LintReport.Group) -> String {
        let names = group.rules.map { "\($0.name)" }.joined(separator: ", ")
        let count = group.findings.count
        var text = "\(group.level.rawValue)  \(names)\(count > 1 ? "  (\(count) findings)" : "")\n"
        text += count > Self.longestList ? short(group) : full(group)
        for sentence in group.advice { text += "  Remedy: \(sentence)\n" }
        for statement in group.sql { text += "    \(statement)\n" }
        return text + "\n"
    }

    /// Each finding with who reaches it.
    private func full(_ group: LintReport.Group) -> String {
        var text = ""
        var lastReach = ""
        for finding in group.findings {
            text += "  \(finding.detail)\n"
            if finding.reach != lastReach { text += "    \(finding.reach)\n" }
            lastReach = finding.reach
        }
        return text
    }

    /// What the rules look for, the first finding as an example, and the other objects by name.
    private func short(_ group: LintReport.Group) -> String {
        var text = group.rules.map { "  \($0.summary)\n" }.joined()
        if let first = group.findings.first { text += "  Such as: \(first.detail)\n    \(first.reach)\n" }
        var names: [String] = []
        for finding in group.findings {
            let name = finding.policy.map { "\(finding.object) \"\($0)\"" } ?? finding.object
            if !names.contains(name) { names.append(name) }
        }
        var line = "  On:"
        for (index, name) in names.enumerated() {
            let word = " " + name + (index == names.count - 1 ? "" : ",")
            if line.count + word.count > 118 {
                text += line + "\n"
                line = "    "
            }
            line += word
        }
        return text + line + "\n"
    }

    private var closing: String {
        let levels = LintLevel.allCases.reversed().compactMap { level -> String? in
            let count = report.findings.count { $0.level == level }
            return count == 0 ? nil : "\(count) \(level.rawValue)"
        }
        let found = levels.isEmpty ? "No findings" : levels.joined(separator: ", ")
        let actions =
            report.groups.count > 0
            ? " in \(report.groups.count == 1 ? "1 action" : "\(report.groups.count) actions")" : ""
        let accepted = report.excepted.isEmpty ? "" : "; \(report.excepted.count) accepted with a reason"
        let rules = report.rules.count == 1 ? "1 rule" : "\(report.rules.count) rules"
        return "\(found)\(actions)\(accepted). \(rules), API schemas: \(schemas.joined(separator: ", ")).\n"
    }
}
