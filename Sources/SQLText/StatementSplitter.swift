/// Splits a script into its statements by PostgreSQL's own grammar.
///
/// ```swift
/// for statement in try StatementSplitter.split(script) {
///     try await session.executeScript(statement.text)
/// }
/// ```
public enum StatementSplitter: Sendable {
    /// The statements of a script, in order; empty ones are left out.
    ///
    /// The whole script is parsed before anything is returned. A byte order mark at its start is passed over.
    ///
    /// - Parameter script: The text; ranges and offsets count its UTF-8 bytes.
    /// - Returns: The statements with their places and kinds.
    /// - Throws: ``SQLSyntaxError`` with the place.
    public static func split(_ script: String) throws(SQLSyntaxError) -> [Statement] {
        let parts = try ranges(of: script)
        let deepest = parts.lazy.filter(\.needsParseTree).map(\.text.utf8.count).max()
        guard let deepest else { return parts.map { $0.statement(kind: .data) } }
        do throws(Grammar.Failure) {
            return try DeepStack.run(forTextOf: deepest) { () throws(Grammar.Failure) in
                var statements: [Statement] = []
                for part in parts {
                    guard part.needsParseTree else {
                        statements.append(part.statement(kind: .data))
                        continue
                    }
                    let tree = try Grammar.parseTree(part.text)
                    statements.append(part.statement(kind: StatementClassifier.kind(json: tree)))
                }
                return statements
            }
        } catch {
            throw SyntaxErrorReport(script: script, prefixBytes: 0).error(for: error)
        }
    }

    /// One statement without its kind.
    private struct Part: Sendable {
        let text: String
        let textWithComments: String
        let utf8Range: Range<Int>

        var needsParseTree: Bool { StatementClassifier.needsParseTree(text) }

        func statement(kind: StatementKind) -> Statement {
            Statement(text: text, textWithComments: textWithComments, utf8Range: utf8Range, kind: kind)
        }
    }

    private static func ranges(of script: String) throws(SQLSyntaxError) -> [Part] {
        let bytes = Array(script.utf8)
        if let place = bytes.firstIndex(of: 0) {
            throw SQLSyntaxError(.nulByte, "the script holds a NUL byte", utf8Offset: place)
        }
        let prefix = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let body = prefix == 0 ? script : String(decoding: bytes[prefix...], as: UTF8.self)
        let found: [Range<Int>]
        do throws(Grammar.Failure) {
            found = try DeepStack.run(forTextOf: 0) { () throws(Grammar.Failure) in try Grammar.split(body) }
        } catch {
            throw SyntaxErrorReport(script: script, prefixBytes: prefix).error(for: error)
        }
        return found.map { range in
            let place = (range.lowerBound + prefix)..<(range.upperBound + prefix)
            let whole = SQLTrivia.trimmed(place, of: bytes)
            let own = SQLTrivia.firstToken(in: whole, of: bytes)..<whole.upperBound
            return Part(
                text: String(decoding: bytes[own], as: UTF8.self),
                textWithComments: String(decoding: bytes[whole], as: UTF8.self),
                utf8Range: own
            )
        }
    }
}
