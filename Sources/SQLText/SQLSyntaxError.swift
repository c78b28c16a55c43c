public import Diagnostics

/// A script that PostgreSQL's grammar does not accept, with the place.
public struct SQLSyntaxError: ExplainedError, Hashable {
    /// What is wrong with a script.
    public enum Reason: String, Sendable {
        /// The grammar does not accept it.
        case syntax
        /// A NUL byte, which no SQL text can hold.
        case nulByte = "nul-byte"
        /// A command of the program psql, such as `\connect`.
        case psqlCommand = "psql-command"
        /// Rows after `COPY … FROM stdin`.
        case copyData = "copy-data"
    }

    /// What is wrong.
    public let reason: Reason
    /// The parser's message, such as `syntax error at or near "form"`.
    public let message: String
    /// Bytes before the place in the script.
    public let utf8Offset: Int
    /// The place in the file, once ``located(in:script:)`` has set it.
    public private(set) var span: SourceSpan?

    init(_ reason: Reason, _ message: String, utf8Offset: Int) {
        self.reason = reason
        self.message = message
        self.utf8Offset = utf8Offset
    }

    /// The same error with its place in a file.
    ///
    /// - Parameters:
    ///   - file: The path as the user gave it.
    ///   - script: The text that was split.
    /// - Returns: The error with ``span`` set.
    public func located(in file: String, script: String) -> SQLSyntaxError {
        var copy = self
        copy.span = SourceSpan(file: file, utf8Offset: utf8Offset, in: script)
        return copy
    }

    /// The stable name for scripts.
    public var code: String { "sql.\(reason.rawValue)" }
    /// The place, where it is known, and the parser's message.
    public var summary: String { (span.map { "\($0): " } ?? "") + message + "." }
    /// What to do about it, where it is not plain from the message.
    public var remedy: Remedy? {
        switch reason {
        case .syntax: nil
        case .nulByte: Remedy("Remove the NUL byte: the file may be UTF-16 and must be UTF-8.")
        case .psqlCommand: Remedy("Remove the line: only psql knows commands that begin with a backslash.")
        case .copyData: Remedy("Write the rows as INSERT … VALUES, or load them with psql.")
        }
    }
}
