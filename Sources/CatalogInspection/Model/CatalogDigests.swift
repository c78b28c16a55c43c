/// What the system catalogs were at a moment, as one short digest for each catalog that decides the schema.
///
/// Equal digests under an unchanged server mean an equal schema: a row of a catalog is told by where it stands and which
/// transaction wrote it, and no transaction number is used twice while the server runs. The other way round it need not
/// hold: digests may differ while the schema does not.
public struct CatalogDigests: Sendable, Hashable, Codable {
    /// The digest of each catalog by its name, 16 hexadecimal digits.
    public let digests: [String: String]
    /// Catalogs that decide the schema and that the role may not read: with one of them nothing is known to be equal.
    public let notReadable: [String]

    /// Digests from what was read.
    ///
    /// - Parameters:
    ///   - digests: The digest of each catalog by its name.
    ///   - notReadable: Catalogs that could not be read.
    public init(digests: [String: String], notReadable: [String]) {
        self.digests = digests
        self.notReadable = notReadable
    }

    /// The catalogs in which the schema may have changed.
    ///
    /// - Parameter before: The digests of an earlier moment.
    /// - Returns: The names of the catalogs that differ or could not be read, in order; empty when the schema is the same.
    public func changes(since before: CatalogDigests) -> [String] {
        let names = Set(digests.keys).union(before.digests.keys)
        let changed = names.filter { digests[$0] != before.digests[$0] }
        return changed.union(notReadable).union(before.notReadable).sorted()
    }
}
