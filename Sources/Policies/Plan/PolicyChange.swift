/// One statement that brings a relation nearer to its file.
public struct PolicyChange: Sendable, Hashable {
    /// What differs, such as `policy "trips: read" has another USING`.
    public let summary: String
    /// The statement, without the closing `;`.
    public let sql: String
    /// Whom it lets do more than before, in words; `nil` when it opens nothing by itself.
    public let opens: String?
    /// Whether the statement waits until nobody uses the table.
    public let locksTable: Bool

    init(_ summary: String, _ sql: String, opens: String? = nil, locksTable: Bool = true) {
        self.summary = summary
        self.sql = sql
        self.opens = opens
        self.locksTable = locksTable
    }
}
