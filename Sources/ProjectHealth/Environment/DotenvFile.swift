public import Diagnostics

/// The variables of a `.env` file.
///
/// Understands what the common readers agree on: `NAME=value`, `export`, comments, single quotes (taken as they are),
/// double quotes (with `\n`, `\t`, `\"`, `\\`, over several lines). Nothing is expanded.
public struct DotenvFile: Sendable, Hashable {
    /// The variables; the last one of a name counts.
    public private(set) var variables: [String: String] = [:]
    /// Names that stand there twice, and what else is odd.
    public private(set) var findings: [Finding] = []

    /// Reads the text of a file.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - file: The file's name for messages.
    /// - Throws: ``DotenvError`` for a line that is no assignment; it names the line and shows nothing of it.
    public init(_ text: String, file: String) throws(DotenvError) {
        var rest = Substring(text)
        var line = 1
        while !rest.isEmpty {
            let begin = line
            let whole = rest.prefix { !$0.isNewline }
            let trimmed = whole.drop { $0 == " " || $0 == "\t" || $0 == "\u{FEFF}" }
            if trimmed.isEmpty || trimmed.hasPrefix("#") {
                rest = rest[whole.endIndex...].dropFirst()
                line += 1
                continue
            }
            guard let name = Self.name(trimmed) else { throw DotenvError(file: file, line: begin) }
            rest = rest[name.after...]
            guard let value = Self.value(&rest, line: &line) else { throw DotenvError(file: file, line: begin) }
            if variables.updateValue(value, forKey: name.text) != nil {
                findings.append(
                    Finding(
                        code: "env.set-twice", severity: .warning, subject: name.text,
                        message: "\(name.text) stands in \(file) twice, again in line \(begin); the last one counts.",
                        remedy: Remedy("Remove one of the two lines.")))
            }
        }
    }

    private static func name(_ line: Substring) -> (text: String, after: Substring.Index)? {
        var line = line
        if line.hasPrefix("export "), let next = line.dropFirst(7).firstIndex(where: { $0 != " " }) {
            line = line[next...]
        }
        guard let equals = line.firstIndex(of: "=") else { return nil }
        let name = String(line[..<equals]).trimmed
        let isName = name.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
        }
        guard isName, let first = name.first, !first.isNumber else { return nil }
        return (name, line.index(after: equals))
    }

    /// Takes the value, and the rest of its line; `nil` when a quote does not end.
    ///
    /// What stands in quotes is taken scalar by scalar: a quote and a combining mark behind it are one `Character`.
    private static func value(_ whole: inout Substring, line: inout Int) -> String? {
        var rest = whole.unicodeScalars
        defer { whole = Substring(rest) }
        rest = rest.drop { $0 == " " || $0 == "\t" }
        defer { line += 1 }
        guard let quote = rest.first, quote == "\"" || quote == "'" else {
            let text = String(takeLine(&rest))
            let comment = text.firstRange(of: " #") ?? text.firstRange(of: "\t#")
            return String(text[..<(comment?.lowerBound ?? text.endIndex)]).trimmed
        }
        rest.removeFirst()
        var value = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            if scalar == quote {
                _ = takeLine(&rest)
                return String(value)
            }
            if scalar == "\n" { line += 1 }
            if scalar == "\\", quote == "\"", let escaped = rest.popFirst() {
                if let meant = escapes[escaped] {
                    value.append(meant)
                } else {
                    value.append(contentsOf: ["\\", escaped])
                }
            } else {
                value.append(scalar)
            }
        }
        return nil
    }

    /// Takes the rest of a line, and its end.
    private static func takeLine(_ rest: inout Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
        let line = rest.prefix { $0 != "\n" && $0 != "\r" }
        rest = rest[line.endIndex...]
        if rest.first == "\r" { rest.removeFirst() }
        if rest.first == "\n" { rest.removeFirst() }
        return line
    }

    /// Variables as a file that this reader reads as they were, and a shell too, where no value has a carriage return.
    ///
    /// Other readers differ in what they make of escapes: quotes that need none are taken wherever a value lets them.
    ///
    /// - Parameter variables: The values by name.
    /// - Returns: An assignment each, by name.
    public static func text(of variables: [String: String]) -> String {
        variables.sorted { $0.key < $1.key }.map { "\($0.key)=\(quoted($0.value))\n" }.joined()
    }

    private static func quoted(_ value: String) -> String {
        let scalars = Array(value.unicodeScalars)
        // Files are read with the line ends of their system: this one must not look like one.
        if scalars.contains("\r") { return escaped(scalars, lineSigns.merging(shellSigns) { first, _ in first }) }
        // Some readers know an escaped quote, and an escaped backslash, in single quotes too.
        let hasPair = zip(scalars, scalars.dropFirst()).contains { $0 == "\\" && $1 == "\\" }
        if !scalars.contains("'"), scalars.last != "\\", !hasPair { return "'\(value)'" }
        return escaped(scalars, shellSigns)
    }

    private static func escaped(_ scalars: [Unicode.Scalar], _ signs: [Unicode.Scalar: Unicode.Scalar]) -> String {
        var quoted = String.UnicodeScalarView()
        for scalar in scalars {
            if let sign = signs[scalar] { quoted.append(contentsOf: ["\\", sign]) } else { quoted.append(scalar) }
        }
        return "\"\(String(quoted))\""
    }

    /// What a shell takes for itself in double quotes.
    private static let shellSigns: [Unicode.Scalar: Unicode.Scalar] = ["\"": "\"", "\\": "\\", "$": "$", "`": "`"]
    private static let lineSigns: [Unicode.Scalar: Unicode.Scalar] = ["\n": "n", "\r": "r", "\t": "t"]
    private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
        "n": "\n", "r": "\r", "t": "\t", "\"": "\"", "\\": "\\", "$": "$", "`": "`",
    ]
}

/// A line of a `.env` file that is no assignment.
public struct DotenvError: ExplainedError, Hashable {
    /// The file's name.
    public let file: String
    /// The line, counted from 1.
    public let line: Int

    /// The stable name for scripts.
    public var code: String { "env.unreadable" }
    /// Where, without a word of the line, for it may hold a secret.
    public var summary: String { "\(file):\(line) is no assignment, or its quote does not end." }
    /// The form of a line.
    public var remedy: Remedy? { Remedy("A line is NAME=value, NAME=\"value\", or a comment that begins with #.") }
    /// The file is wrong.
    public var failureClass: FailureClass { .usage }
}
