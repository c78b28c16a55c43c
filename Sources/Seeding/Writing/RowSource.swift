import PostgresClient

/// Gives a table's rows to COPY, made as they are asked for.
struct RowSource: CopySource, Sendable {
    private let table: SeedTable
    private var cursor: KeyCursor
    private var writer: RowWriter
    private var offset = 0
    private var isAtEnd = false
    /// How many rows were made.
    private(set) var rows = 0
    private let onRows: @Sendable (Int) -> Void

    /// How many bytes are made before they are handed over.
    private static let batch = 65_536

    /// The rows of a table at a scale.
    ///
    /// - Parameters:
    ///   - table: The table.
    ///   - scale: How much.
    ///   - leftOut: Columns that the server does not have.
    ///   - inputs: What the values are made with.
    ///   - onRows: Told now and then how many rows were made.
    init(
        _ table: SeedTable,
        at scale: SeedScale,
        leavingOut leftOut: Set<String> = [],
        inputs: RowWriter.Inputs,
        onRows: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.table = table
        cursor = KeyCursor(table.population, scale: scale)
        writer = RowWriter(table, leavingOut: leftOut, inputs: inputs)
        self.onRows = onRows
    }

    mutating func read(into buffer: inout MutableRawSpan) throws -> Int {
        if offset == writer.bytes.count {
            guard !isAtEnd else { return 0 }
            fill()
            guard !writer.bytes.isEmpty else { return 0 }
        }
        let count = min(buffer.byteCount, writer.bytes.count - offset)
        // One copy of a piece into the session's buffer; both ranges were just bounded.
        unsafe buffer.withUnsafeMutableBytes { target in
            unsafe writer.bytes.withUnsafeBytes { source in
                unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[offset..<(offset + count)]))
            }
        }
        offset += count
        return count
    }

    private mutating func fill() {
        offset = 0
        writer.removeBytes()
        while writer.bytes.count < Self.batch {
            guard let key = cursor.next() else {
                isAtEnd = true
                break
            }
            writer.row(key, of: table)
            rows += 1
        }
        onRows(rows)
    }
}
