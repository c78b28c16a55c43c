/// What a script is made of, apart from its layout.
///
/// Two questions, two answers: ``shape`` is equal for scripts that differ in constants only (`select 1`, `select 2`);
/// ``SQLMeaning`` is equal for scripts that differ in white space, comments and letter case of key words only.
public struct Fingerprint: Sendable, Hashable, CustomStringConvertible {
    /// 16 hexadecimal digits.
    public let shape: String
    /// The digits.
    public var description: String { shape }

    /// The fingerprint of a script.
    ///
    /// - Parameter script: One or more statements.
    /// - Throws: ``SQLSyntaxError`` when the script does not parse.
    public init(of script: String) throws(SQLSyntaxError) {
        shape = try SQLMeaning.parsed(script) { body throws(Grammar.Failure) in try Grammar.fingerprint(body) }
    }
}

/// The parse tree of a script without its places: equal when two scripts do exactly the same.
public struct SQLMeaning: Sendable, Hashable {
    private let tree: [UInt8]

    /// Reads what a script does.
    ///
    /// - Parameter script: One or more statements.
    /// - Throws: ``SQLSyntaxError`` when the script does not parse.
    public init(of script: String) throws(SQLSyntaxError) {
        let json = try Self.parsed(script) { body throws(Grammar.Failure) in try Grammar.parseTree(body) }
        tree = Self.withoutPlaces(Array(json.utf8))
    }

    static func parsed<Value: Sendable>(
        _ script: String,
        _ call: @escaping @Sendable (String) throws(Grammar.Failure) -> Value
    ) throws(SQLSyntaxError) -> Value {
        if let place = Array(script.utf8).firstIndex(of: 0) {
            throw SQLSyntaxError(.nulByte, "the script holds a NUL byte", utf8Offset: place)
        }
        let prefix = script.utf8.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let body = String(decoding: Array(script.utf8)[prefix...], as: UTF8.self)
        do throws(Grammar.Failure) {
            return try DeepStack.run(forTextOf: body.utf8.count) { () throws(Grammar.Failure) in try call(body) }
        } catch {
            throw SyntaxErrorReport(script: script, prefixBytes: prefix).error(for: error)
        }
    }

    /// Leaves out the fields that hold offsets.
    ///
    /// Their names cannot occur within a text: its quotes are escaped.
    private static func withoutPlaces(_ json: [UInt8]) -> [UInt8] {
        let names = ["\"location\":", "\"stmt_location\":", "\"stmt_len\":"].map { Array($0.utf8) }
        var kept: [UInt8] = []
        kept.reserveCapacity(json.count)
        var place = 0
        while place < json.count {
            let isName = json[place] == UInt8(ascii: "\"") && (place == 0 || json[place - 1] != UInt8(ascii: "\\"))
            guard isName, let name = names.first(where: { json[place...].starts(with: $0) }) else {
                kept.append(json[place])
                place += 1
                continue
            }
            place += name.count
            while place < json.count, json[place] != UInt8(ascii: ","), json[place] != UInt8(ascii: "}") { place += 1 }
            if place < json.count, json[place] == UInt8(ascii: ",") { place += 1 }
        }
        return kept
    }
}
