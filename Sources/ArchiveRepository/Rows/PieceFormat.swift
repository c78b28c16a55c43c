/// The numbers of the piece format: `docs/ARCHIVE-FORMAT.md`, section "Rows".
enum PieceFormat {
    /// The codec of a piece whose rows came in binary format, as it was written before there were templates.
    static let columnarCodec: UInt8 = 1
    /// The codec of a piece whose rows are kept as they came.
    static let verbatimCodec: UInt8 = 2
    /// The codec of a piece whose rows came in binary format, with templates.
    static let templateCodec: UInt8 = 3
    /// The largest number of columns; PostgreSQL has none with more.
    static let mostColumns = 1_664
    /// How long the COPY rows of a columnar group are at most.
    static let groupBytes = 8 << 20
    /// How long a part of a verbatim group is at most.
    static let partBytes = 4 << 20
    /// How many rows a group has at most, so that what is kept for each row stays small beside the rows.
    static let groupRows = 1 << 18
    /// A row that is longer becomes a group of its own, which is not copied.
    static let largeRow = 1 << 20
    /// How long one row is at most: a message of the protocol has a signed length.
    static let longestRow = Int(Int32.max)
    /// How long the body of a columnar group is at most: its rows, and a little for each column.
    static func mostBody(rawBytes: Int, columns: Int) -> Int { rawBytes + rawBytes / 2 + 128 * columns + 64 }

    /// The bytes of a range in the trailer: rows and digest.
    static let rangeBytes = 20
}

/// How the rows of a group are kept.
enum GroupCoding: UInt8 {
    /// Column by column.
    case columnar = 1
    /// As they came, one behind the other.
    case verbatim = 2
}

/// How the values of a column are kept.
enum ValueKind: UInt8 {
    /// Lengths, and all bytes.
    case bytes = 1
    /// Values of one length: all first bytes, all second bytes, …
    case planes = 2
    /// Big-endian integers of 1, 2, 4 or 8 bytes.
    case integers = 3
    /// PostgreSQL's numeric: scales and mantissas.
    case numerics = 4
    /// Floating point numbers that were written with a few decimals.
    case decimals = 5
    /// The distinct values, and which of them stands where.
    case dictionary = 6
    /// Integers of 8 bytes, less those of another column.
    case differences = 7
    /// What many values have in common, and what stands in the holes.
    case templates = 8
}

/// Which rows have a value.
enum Presence: UInt8 {
    case none = 0
    case all = 1
    case some = 2
}

/// How the bytes of a stream are kept.
enum StreamForm: UInt8 {
    /// All are the same.
    case constant = 0
    /// As they are.
    case stored = 1
    /// One zstd frame.
    case zstd = 2
}

/// How wide the numbers of a block are, and what they mean.
enum NumberForm {
    /// The widths in bits, by code.
    static let widths = [0, 1, 2, 4, 8, 16, 24, 32, 40, 48, 56, 64]
    /// The bits of the code.
    static let codeMask: UInt8 = 0x0f
    /// Each number is the difference to the one before.
    static let deltaFlag: UInt8 = 0x10
    /// A divisor follows the base.
    static let divisorFlag: UInt8 = 0x20

    /// The code of the smallest width that holds a number.
    static func code(for largest: UInt64) -> Int {
        let bits = 64 - largest.leadingZeroBitCount
        switch bits {
        case 0...2: return bits
        case 3, 4: return 3
        default: return 3 + (bits + 7) / 8
        }
    }

    /// A signed number whose small values, of either sign, are small unsigned ones.
    @inline(__always) static func zigzag(_ value: UInt64) -> UInt64 {
        (value << 1) ^ UInt64(bitPattern: Int64(bitPattern: value) >> 63)
    }

    /// The inverse of ``zigzag(_:)``.
    @inline(__always) static func unzigzag(_ value: UInt64) -> UInt64 {
        (value >> 1) ^ (0 &- (value & 1))
    }
}
