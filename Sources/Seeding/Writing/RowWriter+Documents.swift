/// Arrays and JSON documents.
extension RowWriter {
    /// A text array.
    mutating func list(_ column: StaticString, _ words: [String], null: Sparse = .never) {
        guard begin(column, null) != nil else { return }
        append(byte: UInt8(ascii: "{"))
        for (index, word) in words.enumerated() {
            if index > 0 { append(byte: UInt8(ascii: ",")) }
            append(quoted: word)
        }
        append(byte: UInt8(ascii: "}"))
    }

    /// A text array of some words of a list, at least one: each word at most once, in the list's order.
    mutating func some(_ column: StaticString, of words: [String], null: Sparse = .never) {
        guard let draw = begin(column, null) else { return }
        let chosen = draw.below(words.count)
        var coins = draw.again.number
        append(byte: UInt8(ascii: "{"))
        var isFirst = true
        for (index, word) in words.enumerated() {
            defer { coins >>= 2 }
            guard index == chosen || coins & 3 == 0 else { continue }
            if !isFirst { append(byte: UInt8(ascii: ",")) }
            isFirst = false
            append(quoted: word)
        }
        append(byte: UInt8(ascii: "}"))
    }

    private mutating func append(quoted word: String) {
        append(byte: UInt8(ascii: "\""))
        append(word)
        append(byte: UInt8(ascii: "\""))
    }

    /// An array of whole numbers.
    mutating func list(_ column: StaticString, numbers: [Int], null: Sparse = .never) {
        guard begin(column, null) != nil else { return }
        append(byte: UInt8(ascii: "{"))
        for (index, number) in numbers.enumerated() {
            if index > 0 { append(byte: UInt8(ascii: ",")) }
            append(number: number)
        }
        append(byte: UInt8(ascii: "}"))
    }

    /// An array of small floats, as an embedding is.
    mutating func embedding(_ column: StaticString, count: Int, null: Sparse = .never) {
        guard let draw = begin(column, null) else { return }
        var next = draw
        append(byte: UInt8(ascii: "{"))
        for index in 0..<count {
            if index > 0 { append(byte: UInt8(ascii: ",")) }
            next = next.again
            append(scaled: next.within(-90_000...90_000), digits: 6)
        }
        append(byte: UInt8(ascii: "}"))
    }

    /// A JSON object.
    mutating func object(_ column: StaticString, null: Sparse = .never, _ fill: (inout JSONObject, Draw) -> Void) {
        guard let draw = begin(column, null) else { return }
        var json = JSONObject(take())
        fill(&json, draw)
        give(json.close())
    }

    /// A JSON value that is written elsewhere.
    mutating func json(_ column: StaticString, _ text: String, null: Sparse = .never) {
        guard begin(column, null) != nil else { return }
        append(text)
    }
}

/// Writes a JSON object field by field.
///
/// Keys and words come from the lists of this module and need no escape of JSON's.
struct JSONObject {
    private(set) var bytes: [UInt8]
    private var isEmpty = true

    /// Opens an object at the end of a buffer.
    init(_ bytes: consuming [UInt8]) {
        self.bytes = bytes
        self.bytes.append(UInt8(ascii: "{"))
    }

    /// Ends the object and gives the buffer back.
    consuming func close() -> [UInt8] {
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private mutating func open(_ name: String) {
        if !isEmpty { bytes.append(UInt8(ascii: ",")) }
        isEmpty = false
        append(quoted: name)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func append(quoted word: String) {
        bytes.append(UInt8(ascii: "\""))
        CopyText.append(word, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// A string of up to three pieces.
    mutating func text(_ name: String, _ first: String, _ second: String = "", _ third: String = "") {
        open(name)
        bytes.append(UInt8(ascii: "\""))
        CopyText.append(first, to: &bytes)
        CopyText.append(second, to: &bytes)
        CopyText.append(third, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// The UUID of a seeded row.
    mutating func id(_ name: String, _ place: SeedTable.Place, _ key: RowKey) {
        open(name)
        bytes.append(UInt8(ascii: "\""))
        SeedIdentity.append(tag: place.tag, key, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// The address of a user.
    mutating func email(_ name: String, of user: Int) {
        open(name)
        bytes.append(UInt8(ascii: "\""))
        AuthUsers.append(emailOf: user, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// A whole number.
    mutating func int(_ name: String, _ number: Int) {
        open(name)
        CopyText.append(number, to: &bytes)
    }

    /// A decimal number in units of its last digit.
    mutating func decimal(_ name: String, _ scaled: Int, digits: Int) {
        open(name)
        CopyText.append(scaled: scaled, digits: digits, to: &bytes)
    }

    /// A truth value.
    mutating func bool(_ name: String, _ value: Bool) {
        open(name)
        for byte in (value ? "true" : "false").utf8 { bytes.append(byte) }
    }

    /// An array of strings.
    mutating func list(_ name: String, _ words: [String]) {
        open(name)
        bytes.append(UInt8(ascii: "["))
        for (index, word) in words.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(quoted: word)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// An array of positions, each `[longitude, latitude]` as GeoJSON has them.
    mutating func line(_ name: String, _ spots: [Spot]) {
        open(name)
        bytes.append(UInt8(ascii: "["))
        for (index, spot) in spots.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(UInt8(ascii: "["))
            CopyText.append(scaled: spot.longitude, digits: 6, to: &bytes)
            bytes.append(UInt8(ascii: ","))
            CopyText.append(scaled: spot.latitude, digits: 6, to: &bytes)
            bytes.append(UInt8(ascii: "]"))
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// An object within the object.
    mutating func object(_ name: String, _ fill: (inout JSONObject) -> Void) {
        open(name)
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        var inner = JSONObject(consume taken)
        fill(&inner)
        bytes = inner.close()
    }
}
