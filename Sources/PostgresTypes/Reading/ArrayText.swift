/// Writes arrays as the server's `array_out` does.
enum ArrayText {
    static func write(_ elements: [String?], _ dimensions: [PostgresArrayDimension]) -> String {
        guard !elements.isEmpty else { return "{}" }
        var text = ""
        if dimensions.contains(where: { $0.lowerBound != 1 }) {
            for dimension in dimensions {
                text += "[\(dimension.lowerBound):\(dimension.lowerBound + dimension.count - 1)]"
            }
            text += "="
        }
        write(elements[...], dimensions[...], into: &text)
        return text
    }

    private static func write(
        _ elements: ArraySlice<String?>,
        _ dimensions: ArraySlice<PostgresArrayDimension>,
        into text: inout String
    ) {
        guard let outer = dimensions.first else { return }
        let inner = dimensions.dropFirst()
        let stride = inner.reduce(1) { $0 * $1.count }
        text += "{"
        for index in 0..<outer.count {
            if index > 0 { text += "," }
            let start = elements.startIndex + index * stride
            if inner.isEmpty {
                text += elements[start].map(quoted) ?? "NULL"
            } else {
                write(elements[start..<start + stride], inner, into: &text)
            }
        }
        text += "}"
    }

    private static func quoted(_ text: String) -> String {
        let needsQuotes = text.isEmpty || text.utf8.contains { special.contains($0) } || text.lowercased() == "null"
        guard needsQuotes else { return text }
        var quoted: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { quoted.append(UInt8(ascii: "\\")) }
            quoted.append(byte)
        }
        quoted.append(UInt8(ascii: "\""))
        return String(decoding: quoted, as: UTF8.self)
    }

    private static let special = Set("\"\\{},".utf8).union(ArrayTextReader.blanks)
}

/// Reads arrays as the server's `array_in` does, with the comma between elements.
struct ArrayTextReader {
    struct Found {
        var elements: [String?] = []
        var dimensions: [PostgresArrayDimension] = []
    }

    static let blanks: Set<UInt8> = [9, 10, 11, 12, 13, 32]

    private let bytes: [UInt8]
    private var place = 0
    private var elements: [String?] = []
    /// How many items each level has; `nil` until its first brace is closed.
    private var counts: [Int?] = []
    /// The level on which elements stand, once there is one.
    private var elementDepth: Int?

    init(_ text: String) { bytes = Array(text.utf8) }

    /// The elements; `nil` when the text is no array.
    mutating func read() -> Found? {
        guard let bounds = bounds(), level(0) else { return nil }
        skipBlanks()
        guard place == bytes.count else { return nil }
        let counts = counts.compactMap(\.self)
        if elements.isEmpty { return bounds.isEmpty && counts == [0] ? Found() : nil }
        guard bounds.isEmpty || bounds.map(\.count) == counts else { return nil }
        let dimensions = bounds.isEmpty ? counts.map { PostgresArrayDimension(count: $0) } : bounds
        return Found(elements: elements, dimensions: dimensions)
    }

    /// `[2:3][0:1]=` before the braces.
    private mutating func bounds() -> [PostgresArrayDimension]? {
        var bounds: [PostgresArrayDimension] = []
        while take("[") {
            guard let lower = integer(), take(":"), let upper = integer(), take("]"), upper >= lower else { return nil }
            bounds.append(PostgresArrayDimension(lowerBound: lower, count: upper - lower + 1))
        }
        return bounds.isEmpty || take("=") ? bounds : nil
    }

    /// A pair of braces and what stands between them; all of one level have the same number of items.
    private mutating func level(_ depth: Int) -> Bool {
        skipBlanks()
        guard depth < 6, depth <= elementDepth ?? depth, take("{") else { return false }
        if counts.count == depth { counts.append(nil) }
        var count = 0
        skipBlanks()
        if !take("}") {
            repeat {
                skipBlanks()
                guard peek == UInt8(ascii: "{") ? level(depth + 1) : element(depth) else { return false }
                count += 1
                skipBlanks()
            } while take(",")
            guard take("}") else { return false }
        }
        defer { counts[depth] = count }
        return counts[depth].map { $0 == count } ?? true
    }

    /// An element; all stand on one level, the innermost.
    private mutating func element(_ depth: Int) -> Bool {
        guard elementDepth ?? depth == depth, counts.count == depth + 1 else { return false }
        elementDepth = depth
        if take("\"") {
            guard let text = quoted() else { return false }
            elements.append(text)
            return true
        }
        var text: [UInt8] = []
        var isEscaped = false
        while let byte = peek, byte != UInt8(ascii: ","), byte != UInt8(ascii: "}") {
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "\"") { return false }
            place += 1
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                continue
            }
            guard let next = peek else { return false }
            isEscaped = true
            text.append(next)
            place += 1
        }
        while let last = text.last, Self.blanks.contains(last) { text.removeLast() }
        guard !text.isEmpty else { return false }
        let word = String(decoding: text, as: UTF8.self)
        elements.append(!isEscaped && word.lowercased() == "null" ? nil : word)
        return true
    }

    private mutating func quoted() -> String? {
        var text: [UInt8] = []
        while let byte = peek {
            place += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                continue
            }
            guard let next = peek else { return nil }
            text.append(next)
            place += 1
        }
        return nil
    }

    private mutating func integer() -> Int? {
        let start = place
        if peek == UInt8(ascii: "-") || peek == UInt8(ascii: "+") { place += 1 }
        while let byte = peek, byte.isDigit { place += 1 }
        return Int32(String(decoding: bytes[start..<place], as: UTF8.self)).map { Int($0) }
    }

    private mutating func skipBlanks() {
        while let byte = peek, Self.blanks.contains(byte) { place += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    private var peek: UInt8? { place < bytes.count ? bytes[place] : nil }
}
