/// Makes Swift names of names from the database, which may hold any character.
enum SwiftName {
    /// Words that Swift writes in capitals, unless a name begins with them.
    private static let acronyms: [String: String] = [
        "id": "ID", "ids": "IDs", "url": "URL", "urls": "URLs", "uuid": "UUID", "ip": "IP", "api": "API",
        "json": "JSON",
        "html": "HTML", "http": "HTTP", "https": "HTTPS", "sql": "SQL",
    ]

    /// The name of a property or a label: `user_id` becomes `userID`.
    static func lower(_ name: String) -> String {
        let words = words(of: name)
        return words.prefix(1).joined() + words.dropFirst().map(capitalized).joined()
    }

    /// The name of a type: `user_trips` becomes `UserTrips`.
    static func upper(_ name: String) -> String { upper(words(of: name)) }

    /// The name of a type from its words.
    static func upper(_ words: [String]) -> String { words.map(capitalized).joined() }

    private static func capitalized(_ word: String) -> String {
        acronyms[word] ?? word.prefix(1).uppercased() + word.dropFirst()
    }

    /// The words of a name, ASCII and in lower case; the first one begins with a letter.
    static func words(of name: String) -> [String] {
        var words: [String] = []
        var word = ""
        let scalars = Array(name.unicodeScalars)
        func end() {
            if !word.isEmpty { words.append(word.lowercased()) }
            word = ""
        }
        for (index, scalar) in scalars.enumerated() {
            guard let text = transliterated(scalar) else {
                end()
                continue
            }
            if beginsWord(scalars, at: index) { end() }
            word += text
        }
        end()
        if words.isEmpty { words = scalars.isEmpty ? ["empty"] : [scalars.map(code).joined()] }
        if words.first?.utf8.first.map({ $0 < UInt8(ascii: "a") }) == true { words.insert("number", at: 0) }
        return words
    }

    /// Whether a capital letter begins a word: `userId` has two, `HTTPServer` too.
    private static func beginsWord(_ scalars: [Unicode.Scalar], at index: Int) -> Bool {
        guard index > 0, scalars[index].properties.isUppercase else { return false }
        let previous = scalars[index - 1].properties
        if previous.isLowercase || scalars[index - 1].value < 58 { return true }
        return index + 1 < scalars.count && scalars[index + 1].properties.isLowercase
    }

    /// The letters and digits for a character: none for a mark that stands over another letter, `nil` for what parts words.
    private static func transliterated(_ scalar: Unicode.Scalar) -> String? {
        if scalar.isASCII { return scalar.properties.isAlphabetic || isDigit(scalar) ? String(scalar) : nil }
        if (0x300...0x36f).contains(scalar.value) { return "" }
        if let letters = latin[scalar] { return letters }
        return scalar.properties.isAlphabetic || scalar.properties.numericType != nil ? code(scalar) : nil
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    /// A character by its number.
    private static func code(_ scalar: Unicode.Scalar) -> String { "u" + String(scalar.value, radix: 16) }

    private static let latin: [Unicode.Scalar: String] = {
        let groups: [(String, String)] = [
            ("a", "àáâãåāăą"), ("ae", "äæ"), ("c", "çćč"), ("d", "ďđ"), ("e", "èéêëēěę"), ("i", "ìíîïī"), ("l", "ł"),
            ("n", "ñńň"), ("o", "òóôõøō"), ("oe", "öœ"), ("r", "ř"), ("s", "śšş"), ("ss", "ß"), ("t", "ťţ"),
            ("u", "ùúûūůű"), ("ue", "ü"), ("y", "ýÿ"), ("z", "źżž"),
        ]
        var table: [Unicode.Scalar: String] = [:]
        for (plain, letters) in groups {
            for letter in letters.unicodeScalars {
                table[letter] = plain
                for capital in letter.properties.uppercaseMapping.unicodeScalars where !capital.isASCII {
                    table[capital] = plain.prefix(1).uppercased() + plain.dropFirst()
                }
            }
        }
        return table
    }()
}
