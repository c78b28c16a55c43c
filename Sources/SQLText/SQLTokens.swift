/// Walks over the tokens of a statement that the grammar has accepted, to find where a clause begins and ends.
///
/// Parse trees tell where a node begins, not where it ends. String constants are read as with
/// `standard_conforming_strings = on`.
struct SQLTokens {
    enum Token: Equatable {
        /// A key word or an identifier without quotes, in lower case.
        case word(String)
        /// An identifier in quotes.
        case quotedName
        /// A constant.
        case constant
        /// Any other character.
        case sign(UInt8)
    }

    let bytes: [UInt8]
    private(set) var place: Int

    init(_ text: String, from place: Int = 0) {
        bytes = Array(text.utf8)
        self.place = place
    }

    /// The next token and where it stands; `nil` at the end.
    mutating func next() -> (token: Token, range: Range<Int>)? {
        let start = SQLTrivia.firstToken(in: min(place, bytes.count)..<bytes.count, of: bytes)
        guard start < bytes.count else { return nil }
        place = start
        let token = read()
        return (token, start..<place)
    }

    /// The end of the qualified name that begins at a place.
    static func endOfName(in text: String, from start: Int) -> Int {
        var tokens = SQLTokens(text, from: start)
        var end = start
        while let name = tokens.next(), name.token.isName {
            end = name.range.upperBound
            guard tokens.next()?.token == .sign(UInt8(ascii: ".")) else { break }
        }
        return end
    }

    private mutating func read() -> Token {
        switch bytes[place] {
        case UInt8(ascii: "\""):
            passQuoted(by: UInt8(ascii: "\""), escapes: false)
            return .quotedName
        case UInt8(ascii: "'"):
            passQuoted(by: UInt8(ascii: "'"), escapes: false)
            return .constant
        case UInt8(ascii: "$"):
            passDollarQuoted()
            return .constant
        case let byte where Self.isDigit(byte):
            passWord()
            return .constant
        case let byte where Self.beginsWord(byte):
            return word()
        case let byte:
            place += 1
            return .sign(byte)
        }
    }

    /// A word, or a constant with a letter before its quote, such as `E'…'`.
    private mutating func word() -> Token {
        let start = place
        passWord()
        let word = String(decoding: bytes[start..<place], as: UTF8.self).lowercased()
        guard place < bytes.count, bytes[place] == UInt8(ascii: "'"), ["e", "b", "x", "n"].contains(word) else {
            return .word(word)
        }
        passQuoted(by: UInt8(ascii: "'"), escapes: word == "e")
        return .constant
    }

    private mutating func passWord() {
        while place < bytes.count, Self.continuesWord(bytes[place]) { place += 1 }
    }

    private mutating func passQuoted(by quote: UInt8, escapes: Bool) {
        place += 1
        while place < bytes.count {
            if escapes, bytes[place] == UInt8(ascii: "\\") {
                place += 2
                continue
            }
            place += 1
            guard bytes[place - 1] == quote else { continue }
            guard place < bytes.count, bytes[place] == quote else { return }
            place += 1
        }
    }

    private mutating func passDollarQuoted() {
        let start = place
        place += 1
        while place < bytes.count, Self.continuesWord(bytes[place]), bytes[place] != UInt8(ascii: "$") { place += 1 }
        guard place < bytes.count, bytes[place] == UInt8(ascii: "$") else { return }
        place += 1
        let tag = bytes[start..<place]
        while place < bytes.count, !bytes[place...].starts(with: tag) { place += 1 }
        place = min(place + tag.count, bytes.count)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func beginsWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func continuesWord(_ byte: UInt8) -> Bool {
        beginsWord(byte) || isDigit(byte) || byte == UInt8(ascii: "$")
    }
}

extension SQLTokens.Token {
    /// Whether it may be a part of a name.
    var isName: Bool {
        switch self {
        case .word, .quotedName: true
        case .constant, .sign: false
        }
    }
}
