import PostgresTypes
import SQLText

/// Writes the SQL of the content digest: one number that stands for all rows of a table.
///
/// Each row becomes the bytes of `record_send` over a portable form of its columns, those bytes are hashed, and the
/// hashes are added up exactly. Hashing the bytes, and not the row, is what makes it a digest of contents: the hash of a
/// row is linear in its columns, calls `1.0` and `1.00` equal, depends on the OIDs of user types and does not exist for
/// `json`. The digest depends on no OID, collation or setting that ``PinnedSettings`` does not pin. Row order plays no
/// part. Generated columns are left out: they are computed again on restore.
public struct ContentDigest: Sendable {
    private let types: TypeCatalog

    /// A writer for the columns of one database.
    ///
    /// - Parameter types: The types of all columns.
    public init(types: TypeCatalog) {
        self.types = types
    }

    /// The statement that counts and digests rows.
    ///
    /// - Parameters:
    ///   - source: What stands after FROM; its rows must be reachable under the alias ``alias``.
    ///   - columns: The columns, in the order they are digested.
    ///   - condition: What stands after WHERE.
    /// - Returns: A SELECT of one row with `rows` and `digest`, both as text.
    public func statement(source: String, columns: [ColumnInfo], condition: String? = nil) -> String {
        let filter = condition.map { " where \($0)" } ?? ""
        return """
            select pg_catalog.count(*)::text as rows, coalesce(pg_catalog.sum(\(rowHash(of: columns))), 0)::text as digest \
            from \(source) \(Self.alias)\(filter)
            """
    }

    /// The hash of one row: what the digest adds up.
    ///
    /// - Parameter columns: The columns, in the order they are digested.
    /// - Returns: An expression of type `bigint` over the relation ``alias``.
    public func rowHash(of columns: [ColumnInfo]) -> String {
        let row = columns.map { portableForm(of: $0) }.joined(separator: ", ")
        return "pg_catalog.hash_record_extended(row(pg_catalog.record_send(row(\(row)))), 0::bigint)"
    }

    /// The types under which a client can compute the same digest from the rows of a binary COPY of these columns.
    ///
    /// Then it need not be asked of the server: ``statement(source:columns:condition:)`` digests exactly the bytes that
    /// binary COPY sends, under these types.
    ///
    /// - Parameter columns: The columns, in the order of the COPY and of the digest.
    /// - Returns: The number of each column's type in the digest; `nil` when the digest holds the text of a column that
    ///   binary COPY sends otherwise, such as a composite or a `reg…` type: then only the server can compute it.
    public func clientTypes(for columns: [ColumnInfo]) -> [UInt32]? {
        var numbers: [UInt32] = []
        for column in columns {
            guard let base = types.withoutDomains(column.type) else { return nil }
            if isPortable(base) {
                numbers.append(base.oid.number)
            } else if base.isSentAsText {
                numbers.append(Self.text.number)
            } else {
                return nil
            }
        }
        return numbers
    }

    /// What a column goes as whose type has no fixed form.
    private static let text = OID(25)

    /// The alias of the digested relation; always used, so that no column name can capture it.
    public static let alias = "\"wheels_db row\""

    /// Whether a type has the same number in every database of every version: `initdb` gives out numbers from 10,000,
    /// for instance to the domains of `information_schema`.
    private static func isFixed(_ oid: OID) -> Bool { oid.number < 10_000 }

    /// Whether the binary form of a type is the same in every database.
    private func isPortable(_ type: TypeInfo) -> Bool { Self.isFixed(type.oid) && types.isBinaryPortable(type.oid) }

    /// One column in a form that is the same in every database.
    ///
    /// Built-in types with a binary form go as they are, domains as their built-in base. All else goes as the text of
    /// its output function, for its binary form holds OIDs, or there is none. `format` calls that function; a cast to
    /// text would call a cast of the user's where there is one. `num_nulls` tells NULL from a row of NULLs.
    private func portableForm(of column: ColumnInfo) -> String {
        let reference = "\(Self.alias).\(SQLQuoting.identifier(column.name))"
        guard let base = types.withoutDomains(column.type), isPortable(base) else {
            return "case when pg_catalog.num_nulls(\(reference)) = 0 then pg_catalog.format('%s', \(reference)) end"
        }
        guard base.oid != column.type else { return reference }
        return "\(reference)::pg_catalog.\(SQLQuoting.identifier(base.name))"
    }
}
