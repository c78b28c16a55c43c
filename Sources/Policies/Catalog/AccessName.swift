import SQLText

/// A relation's schema and name, as the catalog stores them.
public struct AccessName: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    /// The schema.
    public let schema: String
    /// The name within it.
    public let name: String

    /// A name by its parts.
    ///
    /// - Parameters:
    ///   - schema: The schema.
    ///   - name: The name within it.
    public init(_ schema: String, _ name: String) {
        self.schema = schema
        self.name = name
    }

    /// Both parts as people write them.
    public var description: String { "\(schema).\(name)" }
    /// Both parts, quoted where SQL needs it.
    public var sql: String { "\(Self.quoted(schema)).\(Self.quoted(name))" }

    /// Orders by schema, then by name.
    public static func < (lhs: AccessName, rhs: AccessName) -> Bool {
        (lhs.schema, lhs.name) < (rhs.schema, rhs.name)
    }

    /// An identifier that is quoted only where it has to be, so that remedies read as people write SQL.
    ///
    /// - Parameter name: The name as the catalog stores it.
    /// - Returns: The name, in quotes unless it is made of small letters, digits and `_` and is no key word.
    public static func quoted(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        let begins = name.utf8.first.map { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
        return isPlain && begins && !keyWords.contains(name) ? name : SQLQuoting.identifier(name)
    }

    /// The reserved words of PostgreSQL 15 and later, and those that cannot name a function or type.
    private static let keyWords: Set<String> = Set(
        """
        all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case \
        cast char character check coalesce collate collation column concurrently constraint create cross \
        current_catalog current_date current_role current_schema current_time current_timestamp current_user dec \
        decimal default deferrable desc distinct do else end except exists extract false fetch float for foreign freeze \
        from full grant greatest group grouping having ilike in initially inner inout int integer intersect interval \
        into is isnull join json_array json_object lateral leading least left like limit localtime localtimestamp \
        national natural nchar none normalize not notnull null nullif numeric offset on only or order out outer overlaps \
        overlay placing position precision primary real references returning right row select session_user setof \
        similar smallint some substring symmetric system_user table tablesample then time timestamp to trailing treat \
        trim true union unique user using values varchar variadic verbose when where window with xmlattributes \
        xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable
        """.split(separator: " ").map(String.init))
}
