import Diagnostics

/// Errors and findings as people read them.
enum ErrorText {
    /// Message, place with a caret, single findings, and the next command.
    static func render(_ error: any ExplainedError, usesColor: Bool) -> String {
        var text = "\(TextStyle.red.applied(to: "error:", usesColor)) \(error.summary)\n"
        if let span = error.span { text += place(span, isNamedIn: error.summary) }
        let findings = error.findings
        // A single finding is what the summary says already.
        let isSaid = findings.count == 1 && findings.allSatisfy { error.summary.contains($0.message) }
        if !isSaid { for finding in findings { text += self.finding(finding, usesColor: usesColor) } }
        let isAdvised = !isSaid && findings.contains { $0.remedy == error.remedy }
        if let remedy = error.remedy, !isAdvised { text += self.remedy(remedy, usesColor: usesColor) }
        return text
    }

    /// One finding: how bad, what, where and what to do.
    static func finding(_ finding: Finding, usesColor: Bool) -> String {
        let style: TextStyle =
            switch finding.severity {
            case .error: .red
            case .warning: .yellow
            case .note: .cyan
            }
        let subject = finding.subject.map { "\($0): " } ?? ""
        var text = "\(style.applied(to: "\(finding.severity.rawValue):", usesColor)) \(subject)\(finding.message)"
        text += " \(TextStyle.dim.applied(to: "[\(finding.code)]", usesColor))\n"
        if let span = finding.span { text += place(span, isNamedIn: finding.message) }
        if let remedy = finding.remedy { text += self.remedy(remedy, usesColor: usesColor) }
        return text
    }

    private static func place(_ span: SourceSpan, isNamedIn message: String) -> String {
        let heading = message.contains(span.description) ? "" : "  at \(span)\n"
        if span.lineText.isEmpty { return heading }
        return heading + span.excerpt.split(separator: "\n").map { "    \($0)\n" }.joined()
    }

    private static func remedy(_ remedy: Remedy, usesColor: Bool) -> String {
        var text = remedy.sentence.isEmpty ? "" : "  \(remedy.sentence)\n"
        if let command = remedy.command { text += "  \(TextStyle.bold.applied(to: "→ \(command)", usesColor))\n" }
        return text
    }
}
