/// A place in a text file: the line and column a message points to.
public struct SourceSpan: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The path as the user gave it.
    public let file: String
    /// The line, counted from 1.
    public let line: Int
    /// The column in characters, counted from 1.
    public let column: Int
    /// The text of that line, without its line end.
    public let lineText: String

    /// A place that is already known by line and column.
    ///
    /// - Parameters:
    ///   - file: The path as the user gave it.
    ///   - line: The line, counted from 1.
    ///   - column: The column in characters, counted from 1.
    ///   - lineText: The text of that line.
    public init(file: String, line: Int, column: Int, lineText: String) {
        self.file = file
        self.line = line
        self.column = column
        self.lineText = lineText
    }

    /// The place of a byte of a text.
    ///
    /// A byte order mark is no part of the first line.
    ///
    /// - Parameters:
    ///   - file: The path as the user gave it.
    ///   - utf8Offset: Bytes before the place; clamped to the text's length.
    ///   - text: The whole text of the file.
    /// - Complexity: O(*n*) in the offset.
    public init(file: String, utf8Offset: Int, in text: String) {
        let bytes = text.utf8
        let offset = min(max(utf8Offset, 0), bytes.count)
        let start = bytes.index(bytes.startIndex, offsetBy: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        let place = max(bytes.index(bytes.startIndex, offsetBy: offset), start)
        var line = 1
        var lineStart = start
        var index = start
        while index < place {
            let next = bytes.index(after: index)
            if bytes[index] == UInt8(ascii: "\n") {
                line += 1
                lineStart = next
            }
            index = next
        }
        let lineEnd = bytes[place...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
        var lineText = String(decoding: bytes[lineStart..<lineEnd], as: UTF8.self)
        if lineText.hasSuffix("\r") { lineText.removeLast() }
        let column = String(decoding: bytes[lineStart..<place], as: UTF8.self).count + 1
        self.init(file: file, line: line, column: column, lineText: lineText)
    }

    /// The form editors and terminals make clickable: `file:line:column`.
    public var description: String { "\(file):\(line):\(column)" }

    /// The line with a caret under the column, as two lines of text.
    public var excerpt: String {
        let padding = lineText.prefix(max(column - 1, 0)).map { $0 == "\t" ? "\t" : " " }.joined()
        return "\(lineText)\n\(padding)^"
    }
}
