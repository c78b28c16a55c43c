/// Computes the content digest of a row from the bytes of binary COPY, equal to the server's.
///
/// The server hashes `record_send(row(…))`: the number of columns (4 bytes), then for each column the number of its type,
/// the length of its value and the value. A row of binary COPY has the number of columns (2 bytes), lengths and values; so
/// the types are all that is missing. The digest of many rows is the exact sum of theirs: ``RangeDigest``.
public struct RowDigest: ~Copyable, Sendable {
    private var images: RowImages

    /// Prepares for rows of some columns.
    ///
    /// - Parameter types: The number of each column's type, in the order of the COPY; see `ContentDigest` for which
    ///   number stands for which column.
    public init(types: [UInt32]) {
        images = RowImages(types: types)
    }

    /// The digest of one row.
    ///
    /// - Parameter row: A row of binary COPY, from the number of its columns to the end of its last value.
    /// - Returns: What `hash_record_extended(row(record_send(row(…))), 0)` is on the server; nothing when the bytes are
    ///   not one row of these columns.
    public mutating func digest(of row: RawSpan) -> Int64? {
        unsafe row.withUnsafeBytes { row in
            guard images.canWait(rowLength: row.count) else {
                var running = RunningRowDigest(types: images.types, rowLength: row.count)
                unsafe running.add(row)
                return running.value
            }
            guard unsafe images.add(row), images.hash() == 1 else { return nil }
            return Int64(bitPattern: images.hashes[0])
        }
    }
}
