public import Diagnostics
import FoundationEssentials

/// What is found and accepted, each with its reason: the file `policies/lint-exceptions.txt`.
///
/// A line is `rule object reason…`; `#` begins a comment line. The object is what the finding names: `public.trips`,
/// `public.is_admin()`, or `public.trips/"policy name"` for one policy of a table.
public struct LintExceptions: Sendable {
    /// One accepted finding, or one rule on one table.
    public struct Entry: Sendable, Hashable {
        /// The rule's name.
        public let rule: String
        /// The object.
        public let object: String
        /// One policy of the object; `nil` for all.
        public let policy: String?
        /// Why it is accepted.
        public let reason: String
        /// The line in the file, from 1.
        public let line: Int

        /// Whether a finding is accepted by this entry.
        func covers(_ finding: LintFinding) -> Bool {
            rule == finding.rule.name && object == finding.object && (policy == nil || policy == finding.policy)
        }
    }

    /// The entries in the order of the file.
    public let entries: [Entry]
    /// Where they were read from.
    public let path: String

    /// No exceptions.
    public init() {
        entries = []
        path = ""
    }

    /// Reads a file.
    ///
    /// - Parameter path: The file.
    /// - Returns: The exceptions.
    /// - Throws: ``LintExceptionsError`` when the file cannot be read, names an unknown rule or gives no reason.
    public static func read(_ path: String) throws(LintExceptionsError) -> LintExceptions {
        guard let data = FileManager.default.contents(atPath: path) else { throw LintExceptionsError.unreadable(path) }
        return try LintExceptions(text: String(decoding: data, as: UTF8.self), path: path)
    }

    /// Reads the text of a file.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - path: What errors call it.
    /// - Throws: ``LintExceptionsError``.
    public init(text: String, path: String) throws(LintExceptionsError) {
        var found: [Entry] = []
        let known = Set(PolicyLinter.rules.map { $0.info.name })
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            var rest = line.trimmingPrefix(while: \.isWhitespace)[...]
            guard let first = rest.first, first != "#" else { continue }
            let rule = Self.takeWord(&rest)
            let object = Self.takeWord(&rest)
            let reason = rest.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            func wrong(_ message: String) -> LintExceptionsError { .badLine(path, index + 1, String(line), message) }
            guard known.contains(rule) else { throw wrong("no rule is called \"\(rule)\"") }
            guard !object.isEmpty else { throw wrong("it names no object") }
            guard !reason.isEmpty else { throw wrong("it gives no reason") }
            let parts = Self.parts(of: object)
            found.append(
                Entry(rule: rule, object: parts.object, policy: parts.policy, reason: reason, line: index + 1))
        }
        entries = found
        self.path = path
    }

    /// The next word; quotes and parentheses keep their spaces.
    private static func takeWord(_ rest: inout Substring) -> String {
        rest = rest.drop(while: \.isWhitespace)
        var word = ""
        var isQuoted = false
        var depth = 0
        while let next = rest.first {
            if next.isWhitespace, !isQuoted, depth == 0 { break }
            if next == "\"" { isQuoted.toggle() }
            if next == "(", !isQuoted { depth += 1 }
            if next == ")", !isQuoted { depth -= 1 }
            word.append(next)
            rest.removeFirst()
        }
        return word
    }

    /// `public.trips/"own rows"` is the policy of a table.
    private static func parts(of object: String) -> (object: String, policy: String?) {
        guard let slash = object.firstRange(of: "/\""), object.hasSuffix("\"") else { return (object, nil) }
        let policy = object[slash.upperBound...].dropLast().replacing("\"\"", with: "\"")
        return (String(object[..<slash.lowerBound]), String(policy))
    }
}

/// Why a file of exceptions cannot be used.
public struct LintExceptionsError: ExplainedError {
    /// The stable name for scripts.
    public let code: String
    /// What is wrong, and where.
    public let summary: String
    /// What to do.
    public let remedy: Remedy?
    /// The kind of failure.
    public let failureClass: FailureClass
    /// The place in the file.
    public let span: SourceSpan?

    static func unreadable(_ path: String) -> LintExceptionsError {
        LintExceptionsError(
            code: "lint.no-exceptions",
            summary: "The file of exceptions \"\(path)\" cannot be read.",
            remedy: Remedy("Name another one with --exceptions."),
            failureClass: .notFound,
            span: nil
        )
    }

    static func badLine(_ path: String, _ line: Int, _ text: String, _ message: String) -> LintExceptionsError {
        LintExceptionsError(
            code: "lint.bad-exception",
            summary: "An exception cannot be used: \(message). A line is: rule, object, reason.",
            remedy: Remedy(
                "Write for instance: rls_enabled_no_policy public.jobs only the worker's service_role uses it"),
            failureClass: .usage,
            span: SourceSpan(file: path, line: line, column: 1, lineText: text)
        )
    }
}
