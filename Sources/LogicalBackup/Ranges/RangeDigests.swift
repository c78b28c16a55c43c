/// What the pages of a table hold, range by range: how many rows, which ones, and their contents.
///
/// A range is ``pages`` neighbouring heap pages; it is what two backups compare. *Identity* is a hash over the places and
/// transactions of the rows: equal identity means that nothing was written there, as long as the server is the same one
/// (``ServerGuard``). *Content* is the digest that proofs compare: it depends on nothing but the rows' values.
struct RangeDigests: Sendable, Equatable {
    /// Pages of 8 KiB in one range.
    ///
    /// Fewer find changes more exactly and cost more digests: 12 bytes for each range.
    static let pages = 4

    /// Rows of each range.
    var rows: [Int] = []
    /// The sum of the rows' hashes of place and transaction, modulo 2⁶³.
    var identities: [Int64] = []
    /// The content digest of each range, where it is known.
    var contents: [Int128?] = []

    /// How many ranges.
    var count: Int { rows.count }

    /// Digests of ranges that are not known yet.
    init(count: Int = 0) {
        rows = Array(repeating: 0, count: count)
        identities = Array(repeating: 0, count: count)
        contents = Array(repeating: nil, count: count)
    }

    /// How many ranges a table of so many pages has.
    static func count(ofPages pages: Int) -> Int { (pages + Self.pages - 1) / Self.pages }

    /// Takes the digests of some ranges over.
    mutating func replace(_ ranges: some Sequence<Int>, with other: RangeDigests) {
        for (place, range) in ranges.enumerated() {
            rows[range] = other.rows[place]
            identities[range] = other.identities[place]
            contents[range] = other.contents[place]
        }
    }

    /// The digests of chosen ranges.
    func chosen(_ ranges: some Sequence<Int>) -> RangeDigests {
        var result = RangeDigests()
        for range in ranges { result.append(rows[range], identities[range], contents[range]) }
        return result
    }

    /// Adds a range at the end.
    mutating func append(_ rows: Int, _ identity: Int64, _ content: Int128?) {
        self.rows.append(rows)
        identities.append(identity)
        contents.append(content)
    }
}
