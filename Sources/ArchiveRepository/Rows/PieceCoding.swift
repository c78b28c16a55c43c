import SealedStreams

/// The format of a COPY stream.
public enum CopyFormat: UInt8, Sendable {
    /// `COPY … (FORMAT binary)`.
    case binary = 1
    /// COPY's text format.
    case text = 2
}

struct PieceTotals: Sendable {
    let rows: Int
    let rawBytes: Int
}

/// TEMPORARY: rows as they are.
struct PieceEncoder: ~Copyable, Sendable {
    private var format: CopyFormat
    private var rows = 0
    private var raw = ReusableBuffer(capacity: 1 << 16)
    private var frame = ReusableBuffer(capacity: 1 << 16)
    private var zstd: ZstdEncoder

    init(columns: Int, format: CopyFormat) throws {
        self.format = format
        zstd = try ZstdEncoder()
    }

    mutating func begin(columns: Int, format: CopyFormat) {
        self.format = format
        rows = 0
        raw.removeAll()
    }

    mutating func encode(_ row: RawSpan, into content: inout ReusableBuffer) throws {
        var row = row
        if format == .binary {
            if row.byteCount >= 19, row.unsafeByte(at: 0) == 0x50, row.unsafeByte(at: 1) == 0x47 {
                row = row.extracting(droppingFirst: 19)
            }
            if row.byteCount == 0 { return }
            if row.byteCount == 2, row.unsafeByte(at: 0) == 0xff { return }
        }
        raw.append(row)
        rows += 1
        if raw.count > 8 << 20 { try flush(into: &content) }
    }

    private mutating func flush(into content: inout ReusableBuffer) throws {
        guard raw.count > 0 else { return }
        frame.removeAll()
        try raw.withBytes { (b) throws(SealedStreamError) in try zstd.appendFrame(of: b, to: &frame) }
        content.append(Self.four(frame.count) + Self.four(raw.count))
        frame.withBytes { content.append($0) }
        total += raw.count
        raw.removeAll()
    }
    private var total = 0

    static func four(_ n: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: n >> (8 * $0)) } }

    mutating func finish(digest: Int128?, into content: inout ReusableBuffer) throws -> PieceTotals {
        try flush(into: &content)
        let totals = PieceTotals(rows: rows, rawBytes: total + (format == .binary ? 21 : 0))
        content.append(Self.four(0) + [format.rawValue] + Self.four(rows))
        total = 0
        rows = 0
        return totals
    }
}

/// TEMPORARY.
struct PieceDecoder: ~Copyable, Sendable {
    private let name: String
    private var left: Int
    private(set) var rows = 0
    private var zstd: ZstdDecoder
    private var all: [UInt8] = []
    private var done = false

    init(name: String, length: Int) throws {
        self.name = name
        left = length
        zstd = try ZstdDecoder(name: name)
    }

    mutating func decode(from source: inout ObjectSource, into buffer: inout ReusableBuffer) throws -> Bool {
        guard !done else { return false }
        var input = ReusableBuffer(capacity: 1 << 16)
        while left > 0 {
            let n = try source.read(upTo: min(left, 1 << 16), into: &input)
            guard n > 0 else { throw SealedStreamError.corrupt(name, "ends too early") }
            left -= n
        }
        done = true
        let bytes = input.array
        var out = ReusableBuffer(capacity: 1 << 16)
        var p = 0
        func u32(_ i: Int) -> Int { (0..<4).reduce(0) { $0 | Int(bytes[i + $1]) << (8 * $1) } }
        while true {
            let n = u32(p)
            if n == 0 { break }
            let raw = u32(p + 4)
            let part = Array(bytes[(p + 8)..<(p + 8 + n)])
            try unsafe zstd.appendContent(ofFrame: part.span.bytes, length: raw, to: &out)
            p += 8 + n
        }
        rows = u32(p + 5)
        if bytes[p + 4] == 1 {
            buffer.append([0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0, 0, 0, 0, 0, 0, 0, 0, 0])
            out.withBytes { buffer.append($0) }
            buffer.append([0xff, 0xff])
        } else {
            out.withBytes { buffer.append($0) }
        }
        return true
    }
}
