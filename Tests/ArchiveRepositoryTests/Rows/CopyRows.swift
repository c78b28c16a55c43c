import ArchiveRepository
import SealedStreams

/// The messages of a COPY in binary format, made by hand as PostgreSQL sends them.
enum CopyRows {
    static let header: [UInt8] = Array("PGCOPY\n".utf8) + [0xff, 0x0d, 0x0a, 0] + [UInt8](repeating: 0, count: 8)
    static let trailer: [UInt8] = [0xff, 0xff]

    /// One row; `nil` is NULL.
    static func row(_ fields: [[UInt8]?]) -> [UInt8] {
        var row = bigEndian(Int16(fields.count))
        for field in fields {
            row += bigEndian(Int32(field?.count ?? -1))
            row += field ?? []
        }
        return row
    }

    /// The header comes with the first row, the trailer as a message of its own, or both together.
    static func messages(_ rows: [[UInt8]]) -> [[UInt8]] {
        guard let first = rows.first else { return [header + trailer] }
        return [header + first] + rows.dropFirst() + [trailer]
    }

    static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        (0..<number.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}

/// The same numbers on every run.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}

/// A source that gives at most so many bytes at a time.
struct StingySource: ByteSource {
    private let bytes: [UInt8]
    private let step: Int
    private(set) var position = 0

    init(_ bytes: [UInt8], step: Int = .max) {
        self.bytes = bytes
        self.step = step
    }

    mutating func read(upTo maximum: Int, into buffer: inout ReusableBuffer) -> Int {
        let length = min(maximum, step, bytes.count - position)
        buffer.append(Array(bytes[position..<position + length]))
        position += length
        return length
    }
}

/// A piece in memory.
struct EncodedPiece {
    let content: [UInt8]
    let totals: PieceTotals

    init(
        _ messages: [[UInt8]],
        columns: Int,
        format: CopyFormat = .binary,
        level: Int = 3,
        ranges: [PieceRange] = []
    ) throws {
        var encoder = try PieceEncoder(columns: columns, format: format, level: level)
        try self.init(messages, by: &encoder, ranges: ranges)
    }

    init(_ messages: [[UInt8]], by encoder: inout PieceEncoder, ranges: [PieceRange] = []) throws {
        var content = ReusableBuffer(capacity: 1_024)
        for message in messages { try unsafe encoder.encode(message.span.bytes, into: &content) }
        totals = try encoder.finish(ranges: ranges, into: &content)
        self.content = content.array
    }

    struct Decoded {
        var stream: [UInt8] = []
        var rows = 0
        var ranges: [PieceRange] = []
        var longestStep = 0
    }

    func decoded(live: [LiveRows]? = nil, step: Int = .max) throws -> Decoded {
        try Self.decode(content, live: live, step: step)
    }

    static func decode(_ content: [UInt8], live: [LiveRows]? = nil, step: Int = .max) throws -> Decoded {
        var decoder = try PieceDecoder(name: "piece")
        var source = StingySource(content, step: step)
        var result = Decoded()
        var output = ReusableBuffer(capacity: 1_024)
        decoder.begin(length: content.count, live: live)
        while try decoder.decode(from: &source, into: &output) {
            result.longestStep = max(result.longestStep, output.count)
            result.stream += output.array
            output.removeAll()
        }
        result.rows = decoder.rows
        result.ranges = decoder.ranges
        return result
    }
}
