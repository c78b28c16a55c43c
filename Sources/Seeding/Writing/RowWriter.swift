/// Writes the fields of one row in COPY's text format into a buffer that is used again.
///
/// The fields are written in the order of the first pass over a table's closure, which records the columns. Nothing is
/// allocated for a row: strings are those of constant lists, and numbers go byte by byte.
struct RowWriter: Sendable {
    /// What the values of a run are made with.
    struct Inputs: Sendable {
        /// What `auth.users` gets as `encrypted_password`.
        var passwordHash: String
    }

    /// How often a column that may be NULL is.
    struct Sparse: Sendable, ExpressibleByIntegerLiteral {
        let percent: Int
        let mayBeNull: Bool

        /// So often, in percent; and in the rows of the user who leaves everything out.
        init(integerLiteral percent: Int) {
            self.percent = percent
            mayBeNull = true
        }

        private init() {
            percent = 0
            mayBeNull = false
        }

        static let never = Sparse()
        /// Only in the rows of the user who leaves everything out.
        static let bare: Sparse = 0
    }

    private(set) var bytes: [UInt8] = []
    private(set) var key = RowKey(0)
    let inputs: Inputs
    private let tag: UInt16
    private let tableSalt: UInt64
    private var rowSalt: UInt64 = 0
    private var isBare = false

    private var salts: [UInt64]
    private let isWritten: [Bool]
    private var position = 0
    private var isFirstField = true
    /// The names of the pass that records them; `nil` while rows are written.
    private var names: [String]?

    /// A writer for a table.
    ///
    /// - Parameters:
    ///   - table: The table.
    ///   - leftOut: Columns that the server does not have.
    ///   - inputs: What the values are made with.
    init(_ table: SeedTable, leavingOut leftOut: Set<String> = [], inputs: Inputs) {
        tag = table.tag
        tableSalt = SeedHash.salt(table.displayName)
        salts = table.columns.map { SeedHash.fnv1a($0.utf8) }
        isWritten = table.columns.map { !leftOut.contains($0) }
        self.inputs = inputs
        bytes.reserveCapacity(1 << 17)
    }

    private init() {
        tag = 0
        tableSalt = 0
        salts = []
        isWritten = []
        inputs = Inputs(passwordHash: "")
        names = []
    }

    /// The columns that a closure writes, found by running it once without writing.
    static func columns(of write: (inout RowWriter) -> Void) -> [String] {
        var writer = RowWriter()
        writer.key = RowKey(1)
        write(&writer)
        return writer.names ?? []
    }

    /// Writes the row of a key.
    mutating func row(_ key: RowKey, of table: SeedTable) {
        self.key = key
        rowSalt = SeedHash.mix(tableSalt ^ SeedHash.mix(key.packed))
        isBare = Cast.isBare(key)
        position = 0
        isFirstField = true
        table.write(&self)
        assert(position == salts.count, "\(table.displayName): \(position) fields for \(salts.count) columns")
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Forgets the bytes, not the room for them.
    mutating func removeBytes() { bytes.removeAll(keepingCapacity: true) }

    /// A draw for this row that is no column's.
    func draw(_ label: StaticString) -> Draw {
        let salt = label.withUTF8Buffer { unsafe SeedHash.fnv1a($0) }
        return Draw(SeedHash.mix(rowSalt ^ salt))
    }

    // MARK: - What every field begins with

    /// Begins a field.
    ///
    /// - Returns: The draw of the column; `nil` when there is nothing to write any more.
    mutating func begin(_ column: StaticString, _ null: Sparse) -> Draw? {
        if names != nil {
            names?.append(column.description)
            return nil
        }
        defer { position += 1 }
        guard isWritten[position] else { return nil }
        if isFirstField { isFirstField = false } else { bytes.append(UInt8(ascii: "\t")) }
        let chance = Draw(SeedHash.mix(rowSalt ^ salts[position]))
        if null.mayBeNull, isBare || chance.chance(null.percent) {
            appendNull()
            return nil
        }
        return chance.again
    }

    /// Takes the buffer away for a builder; ``give(_:)`` brings it back.
    mutating func take() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        return taken
    }

    mutating func give(_ taken: consuming [UInt8]) { bytes = taken }

    /// Appends what COPY reads as NULL.
    mutating func appendNull() {
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(UInt8(ascii: "N"))
    }

    /// Appends text, escaped as COPY reads it.
    mutating func append(_ text: String) { CopyText.append(text, to: &bytes) }
    mutating func append(byte: UInt8) { bytes.append(byte) }
    mutating func append(number: Int) { CopyText.append(number, to: &bytes) }
    mutating func append(number: Int, digits: Int) { CopyText.append(number, digits: digits, to: &bytes) }
    mutating func append(millionths: Int) { CopyText.append(scaled: millionths, digits: 6, to: &bytes) }
    mutating func append(scaled: Int, digits: Int) { CopyText.append(scaled: scaled, digits: digits, to: &bytes) }
    mutating func append(uuid tag: UInt16, _ key: RowKey) { SeedIdentity.append(tag: tag, key, to: &bytes) }
    mutating func appendOwnID() { append(uuid: tag, key) }
}
