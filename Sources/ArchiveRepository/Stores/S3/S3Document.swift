/// An element of the small XML documents that S3 answers with.
///
/// It reads elements, text and entities. Attributes, comments and declarations are skipped; a document type, which S3
/// never sends, makes it no document.
struct S3Document: Sendable, Equatable {
    /// The name without a namespace's prefix.
    let name: String
    /// The text directly in the element.
    fileprivate(set) var text = ""
    /// The elements in it.
    fileprivate(set) var children: [S3Document] = []

    /// The text of the first child of a name.
    subscript(name: String) -> String? { child(name)?.text }

    /// The first child of a name.
    func child(_ name: String) -> S3Document? { children.first { $0.name == name } }

    /// All children of a name.
    func all(_ name: String) -> [S3Document] { children.filter { $0.name == name } }

    private init(name: String) { self.name = name }

    /// Reads a document.
    ///
    /// - Parameter bytes: The whole answer; `nil` comes back when it is no document.
    init?(_ bytes: [UInt8]) {
        var reader = S3DocumentReader(bytes)
        guard let root = reader.document() else { return nil }
        self = root
    }

    fileprivate static func begin(_ name: String) -> S3Document { S3Document(name: name) }
}

private struct S3DocumentReader {
    private static let deepest = 32
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() -> S3Document? {
        var open: [S3Document] = []
        while position < bytes.count {
            if bytes[position] != UInt8(ascii: "<") {
                guard let text = text() else { return nil }
                if !open.isEmpty { open[open.count - 1].text += text }
                continue
            }
            if skips("<?", to: "?>") || skips("<!--", to: "-->") { continue }
            if let literal = section() {
                guard !open.isEmpty else { return nil }
                open[open.count - 1].text += literal
                continue
            }
            guard let tag = tag() else { return nil }
            switch tag.kind {
            case .end:
                guard let ended = open.popLast(), ended.name == tag.name else { return nil }
                if open.isEmpty { return ended }
                open[open.count - 1].children.append(ended)
            case .empty:
                if open.isEmpty { return .begin(tag.name) }
                open[open.count - 1].children.append(.begin(tag.name))
            case .start:
                guard open.count < Self.deepest else { return nil }
                open.append(.begin(tag.name))
            }
        }
        return nil
    }

    private enum Kind { case start, end, empty }

    /// Reads `<name …>`, `<name …/>` or `</name>`.
    private mutating func tag() -> (kind: Kind, name: String)? {
        guard let close = find(">", from: position) else { return nil }
        var inner = bytes[position + 1..<close]
        position = close + 1
        guard inner.first != UInt8(ascii: "!") else { return nil }
        var kind = Kind.start
        if inner.first == UInt8(ascii: "/") {
            kind = .end
            inner = inner.dropFirst()
        } else if inner.last == UInt8(ascii: "/") {
            kind = .empty
            inner = inner.dropLast()
        }
        let name = inner.prefix { $0 > 32 }
        let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
        guard !local.isEmpty else { return nil }
        return (kind, String(decoding: local, as: UTF8.self))
    }

    private mutating func text() -> String? {
        let end = bytes[position...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
        var result: [UInt8] = []
        while position < end {
            let byte = bytes[position]
            guard byte == UInt8(ascii: "&") else {
                result.append(byte)
                position += 1
                continue
            }
            guard let semicolon = bytes[position..<end].firstIndex(of: UInt8(ascii: ";")) else { return nil }
            let entity = String(decoding: bytes[position + 1..<semicolon], as: UTF8.self)
            guard let character = Self.character(entity) else { return nil }
            result += Array(String(character).utf8)
            position = semicolon + 1
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func character(_ entity: String) -> Character? {
        switch entity {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard entity.hasPrefix("#") else { return nil }
            let digits = entity.dropFirst()
            let number = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            return number.flatMap { Unicode.Scalar($0) }.map { Character($0) }
        }
    }

    private mutating func section() -> String? {
        let start = "<![CDATA["
        guard begins(with: start) else { return nil }
        let begin = position
        guard skips(start, to: "]]>") else { return nil }
        return String(decoding: bytes[begin + start.utf8.count..<position - 3], as: UTF8.self)
    }

    private mutating func skips(_ start: String, to end: String) -> Bool {
        guard begins(with: start), let found = find(end, from: position + start.utf8.count) else { return false }
        position = found + end.utf8.count
        return true
    }

    private func begins(with text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

    private func find(_ text: String, from start: Int) -> Int? {
        guard let first = text.utf8.first else { return nil }
        var index = start
        while index < bytes.count, let next = bytes[index...].firstIndex(of: first) {
            if bytes[next...].starts(with: text.utf8) { return next }
            index = next + 1
        }
        return nil
    }
}
