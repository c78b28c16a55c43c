public import CatalogInspection
import SQLText

/// How the rows of seeding are told from all others: by their ids.
///
/// An id holds the row's key, so two rows never get the same one, and reading it back needs no list of what was made.
///
/// - A UUID is of version 8 (RFC 9562: free for applications), where the app's own are of version 4:
///   `5eedTTTT-OOOO-8OOO-8FFF-000000SSSTTT`: the table's tag, owner (28 bits), first, second and third step (12 bits
///   each). No random UUID has that version.
/// - A `bigint` is ``firstNumber`` + owner × 4096 + first step. The whole range up to ``lastNumber`` is kept free by
///   moving the table's sequence past its end, so a larger scale finds its numbers unused.
public enum SeedIdentity: Sendable {
    /// The first number of the reserved range.
    public static let firstNumber: Int64 = 100_000_000_000
    /// The last number of the reserved range; twelve digits, and exact in a JavaScript number.
    public static let lastNumber: Int64 = 199_999_999_999

    /// The tag of a table in its rows' UUIDs.
    static func tag(_ schema: String, _ table: String) -> UInt16 {
        let hash = SeedHash.fnv1a("\(schema).\(table)".utf8)
        return UInt16(truncatingIfNeeded: hash ^ hash >> 16 ^ hash >> 32 ^ hash >> 48)
    }

    /// The number of a row.
    static func number(_ key: RowKey) -> Int64 { firstNumber + Int64(key.packed >> 24) }

    /// The UUID of a row as text; the hot loop writes it without this string.
    static func uuid(tag: UInt16, _ key: RowKey) -> String {
        var bytes: [UInt8] = []
        append(tag: tag, key, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the 36 characters of a row's UUID.
    static func append(tag: UInt16, _ key: RowKey, to bytes: inout [UInt8]) {
        let owner = UInt64(key.owner)
        bytes.append(contentsOf: prefix)
        hex(UInt64(tag), digits: 4, to: &bytes)
        bytes.append(dash)
        hex(owner >> 12, digits: 4, to: &bytes)
        bytes.append(dash)
        bytes.append(eight)
        hex(owner, digits: 3, to: &bytes)
        bytes.append(dash)
        bytes.append(eight)
        hex(UInt64(key.first), digits: 3, to: &bytes)
        bytes.append(dash)
        hex(key.packed & 0xFF_FFFF, digits: 12, to: &bytes)
    }

    private static let prefix = Array("5eed".utf8)
    private static let dash = UInt8(ascii: "-")
    private static let eight = UInt8(ascii: "8")
    private static let digits = Array("0123456789abcdef".utf8)

    private static func hex(_ number: UInt64, digits count: Int, to bytes: inout [UInt8]) {
        for place in stride(from: (count - 1) * 4, through: 0, by: -4) {
            bytes.append(digits[Int(number >> UInt64(place) & 0xF)])
        }
    }

    /// A condition that holds for the seeded UUIDs of a table; the first part lets an index help.
    ///
    /// - Parameters:
    ///   - column: The column, quoted.
    ///   - tag: The table's tag.
    /// - Returns: The condition.
    static func condition(_ column: String, tag: UInt16) -> String {
        let first = uuid(tag: tag, RowKey(0))
        let last = first.prefix(9) + "ffff-8fff-8fff-ffffffffffff"
        return """
            (\(column) between '\(first)'::pg_catalog.uuid and '\(last)'::pg_catalog.uuid and \
            \(column)::pg_catalog.text like '5eed____-____-8___-8___-000000______')
            """
    }

    /// A condition that holds for the seeded numbers of a table.
    static func condition(number column: String) -> String {
        "(\(column) between \(firstNumber) and \(lastNumber))"
    }

    /// The accounts that seeding made, for the guard that counts the others.
    public static var accounts: SeededAccounts {
        SeededAccounts(condition: condition("u.\(SQLQuoting.identifier("id"))", tag: tag("auth", "users")))
    }
}
