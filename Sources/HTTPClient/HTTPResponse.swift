/// The beginning of an answer: status and header fields.
public struct HTTPResponse: Sendable {
    /// The status, such as 200.
    public internal(set) var status: Int
    /// Header fields by their name in lower case; fields of the same name are joined by commas.
    public internal(set) var fields: [String: String]

    /// An answer.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - fields: Header fields by their name in lower case.
    public init(status: Int, fields: [String: String] = [:]) {
        self.status = status
        self.fields = fields
    }

    /// Whether the status says that it worked.
    public var isSuccess: Bool { (200..<300).contains(status) }

    /// A header field.
    ///
    /// - Parameter name: Its name, in any case.
    /// - Returns: Its value; `nil` when the answer has no such field.
    public subscript(name: String) -> String? { fields[name.lowercased()] }

    /// Takes a line of the head: a status line starts over, because a final answer may follow an interim one.
    mutating func take(line: String) {
        if line.hasPrefix("HTTP/") {
            let words = line.split(separator: " ")
            status = words.count > 1 ? Int(words[1]) ?? 0 : 0
            fields = [:]
            return
        }
        guard let colon = line.firstIndex(of: ":") else { return }
        let name = line[..<colon].lowercased()
        let value = Self.trimmed(line[line.index(after: colon)...])
        fields[name] = fields[name].map { "\($0), \(value)" } ?? value
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
