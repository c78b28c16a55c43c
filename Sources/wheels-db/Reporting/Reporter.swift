import Diagnostics
import Synchronization

/// Prints what a command has to say: data on standard output, everything else on standard error.
struct Reporter: Sendable {
    let style: OutputStyle
    let console: Console
    /// The command in words, such as `backup create`; the name of its JSON schema.
    let command: String
    /// The findings that were printed, or stand in the document, for whoever is told of the run's end.
    let told = ToldFindings()

    init(command: String, style: OutputStyle, console: Console) {
        self.command = command
        self.style = style
        self.console = console
    }

    /// Prints the result: a document with `--json`, else the text.
    func result(_ document: some Encodable, text: @autoclosure () -> String) throws {
        if style.isJSON {
            try console.writeOutput(try JSONDocument(command: command, body: document).text())
        } else {
            try console.writeOutput(Self.ended(text()))
        }
    }

    /// Prints data that has no JSON form of its own, such as a URL or a recovery card.
    func data(_ text: String) throws(CommandError) {
        try console.writeOutput(Self.ended(text))
    }

    /// Says something useful that is no data.
    func note(_ text: String) {
        if style.isQuiet { return }
        console.writeError(Self.ended(text))
    }

    /// Says something that only `--verbose` shows.
    func detail(_ text: @autoclosure () -> String) {
        guard style.isVerbose else { return }
        console.writeError(TextStyle.dim.applied(to: text(), style.usesColor) + "\n")
    }

    /// Says something that a person should look at; `--quiet` does not hide it.
    func warning(_ text: String) {
        console.writeError("\(TextStyle.yellow.applied(to: "warning:", style.usesColor)) \(text)\n")
    }

    /// Prints one finding on standard error.
    func finding(_ finding: Finding) {
        told.add(finding)
        console.writeError(ErrorText.finding(finding, usesColor: style.usesColor))
    }

    /// Notes findings of a result; prints them unless the result's document has them.
    func findings(_ findings: [Finding]) {
        for finding in findings {
            if style.isJSON { told.add(finding) } else { self.finding(finding) }
        }
    }

    /// Prints an error in the form that was asked for.
    func error(_ error: any ExplainedError) {
        if style.isJSON, let text = try? JSONDocument(command: "error", body: ErrorBody(error)).text() {
            try? console.writeOutput(text)
            if style.isQuiet { return }
        }
        console.writeError(ErrorText.render(error, usesColor: style.usesColor))
    }

    /// Asks a person to type a line.
    func ask(_ question: String) -> String? {
        console.writeError("\(question) ")
        return console.readAnswer()
    }

    /// A progress line of this report.
    func progress(_ label: String, unit: ProgressUnit) -> ProgressLine {
        ProgressLine(label: label, unit: unit, style: style, console: console)
    }

    private static func ended(_ text: String) -> String {
        text.hasSuffix("\n") || text.isEmpty ? text : text + "\n"
    }
}

/// Findings that people or scripts were shown.
final class ToldFindings: Sendable {
    private let findings = Mutex<[Finding]>([])

    func add(_ finding: Finding) { findings.withLock { $0.append(finding) } }

    /// The most severe, the first of them.
    var worst: Finding? {
        findings.withLock { findings in findings.first { $0.severity == .error } ?? findings.first }
    }
}
