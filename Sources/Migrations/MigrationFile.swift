public import Diagnostics
public import SQLText

/// One migration: a file with statements that go forward, and perhaps a part that goes back.
///
/// ```sql
/// create table public.packing_lists (…);
/// alter table public.packing_lists enable row level security;
///
/// -- migrate:down
/// drop table public.packing_lists;
/// ```
public struct MigrationFile: Sendable, Hashable {
    /// The path as the user gave it.
    public let path: String
    /// Version and name.
    public let fileName: MigrationFileName
    /// The whole file.
    public let text: String
    /// The statements that go forward, with their places in ``text``.
    public let up: [Statement]
    /// The statements after the line `-- migrate:down`; `nil` when there is no such line.
    public let down: [Statement]?

    /// The version, such as `20260101120000`.
    public var version: String { fileName.version }
    /// The statements as the ledger holds them: with the comments before them, trimmed, without `;`.
    ///
    /// What stands after the last `;` is an item of its own, as the Supabase CLI writes it.
    public let ledgerStatements: [String]

    /// Reads a migration.
    ///
    /// - Parameters:
    ///   - path: The path as the user gave it.
    ///   - fileName: Version and name.
    ///   - text: The whole file.
    /// - Throws: `/SQLText/SQLSyntaxError` with the place, when a part does not parse.
    public init(path: String, fileName: MigrationFileName, text: String) throws(SQLSyntaxError) {
        self.path = path
        self.fileName = fileName
        self.text = text
        let parts = try Self.parts(of: text, path: path)
        up = parts.up
        down = parts.down
        ledgerStatements = parts.up.map(\.textWithComments) + Self.lastComment(in: text, parts)
    }

    /// The comments after the last statement, as one item or none.
    private static func lastComment(in text: String, _ parts: Parts) -> [String] {
        let start = parts.up.last?.utf8Range.upperBound ?? (text.utf8.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        guard start < parts.upEnd else { return [] }
        var rest = Substring(decoding: Array(text.utf8)[start..<parts.upEnd], as: UTF8.self)
        while let first = rest.first, first.isWhitespace || first == ";" { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return rest.isEmpty ? [] : [String(rest)]
    }

    /// The two parts of a file.
    private struct Parts {
        let up: [Statement]
        let down: [Statement]?
        /// Where the first part ends, in bytes.
        let upEnd: Int
    }

    /// The place of a byte of the file.
    ///
    /// - Parameter utf8Offset: Bytes before the place.
    /// - Returns: File, line and column.
    public func span(utf8Offset: Int) -> SourceSpan {
        SourceSpan(file: path, utf8Offset: utf8Offset, in: text)
    }

    /// Splits the file at its marker.
    ///
    /// The words may also stand inside a function's body or a comment. A marker counts only when what stands before it
    /// is whole SQL, which the grammar decides.
    private static func parts(
        of text: String,
        path: String
    ) throws(SQLSyntaxError) -> Parts {
        let markers = markerLines(in: Array(text.utf8))
        var failure: SQLSyntaxError?
        for marker in markers {
            do throws(SQLSyntaxError) {
                let up = try StatementSplitter.split(prefix(of: text, bytes: marker.lowerBound))
                let blank = String(repeating: " ", count: marker.upperBound)
                let rest = String(decoding: Array(text.utf8)[marker.upperBound...], as: UTF8.self)
                do throws(SQLSyntaxError) {
                    let down = try StatementSplitter.split(blank + rest)
                    return Parts(up: up, down: down, upEnd: marker.lowerBound)
                } catch {
                    throw error.located(in: path, script: text)
                }
            } catch {
                if error.span != nil { throw error }
                failure = failure ?? error
            }
        }
        do throws(SQLSyntaxError) {
            return Parts(up: try StatementSplitter.split(text), down: nil, upEnd: text.utf8.count)
        } catch {
            throw (failure ?? error).located(in: path, script: text)
        }
    }

    private static func prefix(of text: String, bytes: Int) -> String {
        String(decoding: Array(text.utf8)[..<bytes], as: UTF8.self)
    }

    /// The lines that hold nothing but `-- migrate:down`, as byte ranges.
    private static func markerLines(in bytes: [UInt8]) -> [Range<Int>] {
        bytes.split(separator: 10, omittingEmptySubsequences: false).compactMap { line in
            guard line.count < 200, line.starts(with: [45, 45]) else { return nil }
            let words = String(decoding: line.dropFirst(2), as: UTF8.self).lowercased().split(
                whereSeparator: \.isWhitespace)
            return words == ["migrate:down"] ? line.startIndex..<line.endIndex : nil
        }
    }
}
