import PostgresTypes
import Testing

@Suite("Values of PostgreSQL's types")
struct PostgresValueTests {
    private func comesBack<Value: PostgresValue & Equatable>(_ value: Value) throws -> Bool {
        try Value(postgresText: value.postgresText) == value
    }

    @Test func `integers come back at both ends`() throws {
        for value in [Int16.min, -1, 0, .max] { #expect(try comesBack(value)) }
        for value in [Int32.min, -1, 0, .max] { #expect(try comesBack(value)) }
        for value in [Int64.min, -1, 0, .max] { #expect(try comesBack(value)) }
        for value in [Int.min, -1, 0, .max] { #expect(try comesBack(value)) }
        for value in [UInt32.min, .max] { #expect(try comesBack(value)) }
        for value in [UInt64.min, .max] { #expect(try comesBack(value)) }
    }

    @Test(arguments: ["", " 1", "1 ", "1.0", "1e3", "0x10", "ten", "9223372036854775808", "-9223372036854775809"])
    func `what is no 64-bit integer is refused with text and type`(text: String) {
        let error = #expect(throws: PostgresValueError.self) { try Int64(postgresText: text) }
        #expect(error?.description == "\"\(text)\" is no Int64")
    }

    @Test func `a narrow integer does not wrap around`() {
        #expect(throws: PostgresValueError("\"32768\" is no Int16")) { try Int16(postgresText: "32768") }
        #expect(throws: PostgresValueError("\"-1\" is no UInt32")) { try UInt32(postgresText: "-1") }
    }

    @Test(arguments: [
        0, -0.0, 0.1, 1 / 3, 1e22, -1e-300, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
        .infinity, -.infinity, .pi,
    ])
    func `a double comes back bit for bit`(value: Double) throws {
        #expect(try Double(postgresText: value.postgresText).bitPattern == value.bitPattern)
    }

    @Test func `not a number is spelled as the server does`() throws {
        #expect(Double.nan.postgresText == "NaN")
        #expect(try Double(postgresText: "NaN").isNaN)
        #expect(Double.infinity.postgresText == "Infinity")
        #expect((-Double.infinity).postgresText == "-Infinity")
    }

    @Test(arguments: ["", "one", "1,5", " 1"])
    func `what is no double is refused`(text: String) {
        #expect(throws: PostgresValueError("\"\(text)\" is no Double")) { try Double(postgresText: text) }
    }

    @Test(arguments: [("t", true), ("true", true), ("f", false), ("false", false)])
    func `booleans read both spellings`(text: String, value: Bool) throws {
        #expect(try Bool(postgresText: text) == value)
        #expect(try comesBack(value))
    }

    @Test(arguments: ["", "T", "yes", "1", "on"])
    func `what the server never writes for a boolean is refused`(text: String) {
        #expect(throws: PostgresValueError("\"\(text)\" is no boolean")) { try Bool(postgresText: text) }
    }

    @Test(arguments: ["", " ", "NULL", "ÄÖ👩\u{200D}👩\u{200D}👧", "a\u{301}", "\u{FEFF}x", "line\nline\r\n", "'\\\""])
    func `a text is taken as it is`(text: String) {
        #expect(Array(String(postgresText: text).postgresText.utf8) == Array(text.utf8))
    }

    @Test func `object identifiers are unsigned and ordered`() throws {
        #expect(try OID(postgresText: "4294967295") == OID(.max))
        #expect(OID(4_294_967_295).postgresText == "4294967295")
        #expect(throws: PostgresValueError.self) { try OID(postgresText: "-1") }
        #expect(OID(2) < OID(10))
        #expect(!OID(16_383).isUserDefined && OID(16_384).isUserDefined)
    }
}
