import SealedStreams

/// Goes through the list of wanted and unwanted rows while a piece is decoded.
struct LiveCursor: Sendable {
    private let name: String
    private let list: [LiveRows]?
    private var index = 0
    private var used = 0

    /// A cursor at the first row.
    ///
    /// - Parameters:
    ///   - list: Which rows are wanted; all when there is no list.
    ///   - name: The object that is read, for messages.
    init(_ list: [LiveRows]?, name: String) {
        self.list = list
        self.name = name
    }

    /// The next rows, up to a number, that are all wanted or all not.
    mutating func next(upTo most: Int) throws(SealedStreamError) -> LiveRows {
        guard let list else { return LiveRows(rows: most, isLive: true) }
        while index < list.count, used >= list[index].rows {
            index += 1
            used = 0
        }
        guard index < list.count else { throw .corrupt(name, "has more rows than are expected") }
        let rows = min(most, list[index].rows - used)
        used += rows
        return LiveRows(rows: rows, isLive: list[index].isLive)
    }

    /// Whether the list has no further rows.
    var isAtEnd: Bool {
        guard let list else { return true }
        return list.dropFirst(index).reduce(0) { $0 + max(0, $1.rows) } <= used
    }
}
