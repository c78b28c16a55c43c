/// Counts the rows of a COPY stream that comes in pieces, and checks that it is whole.
///
/// Binary (manual, section "COPY", "Binary Format"): a signature of 11 bytes, flags, the length of an extension, then
/// for each row an int16 with the number of fields and for each field an int32 with its length; -1 as the number of
/// fields ends the stream. Text: one line a row, in which a newline is always escaped.
struct RowCounter {
    private enum State {
        case skipping(Int)
        case number(bytes: Int, value: UInt32, wanted: Wanted)
        case ended
    }

    private enum Wanted {
        case extensionLength
        case fieldCount
        case fieldLength(remaining: Int)
    }

    private let format: TableRecord.Format
    private var state = State.skipping(15)
    private var afterSkip: Wanted = .extensionLength
    private var endsWithNewline = true
    /// Rows counted so far.
    private(set) var rows = 0

    init(format: TableRecord.Format) { self.format = format }

    /// Whether the stream ended where a stream can end.
    var isComplete: Bool {
        guard format == .binary else { return endsWithNewline }
        if case .ended = state { return true }
        return false
    }

    /// Takes the next piece.
    mutating func take(_ piece: RawSpan) {
        unsafe piece.withUnsafeBytes { bytes in
            if format == .text { unsafe countLines(bytes) } else { unsafe countRows(bytes) }
        }
    }

    private mutating func countLines(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count > 0 else { return }
        for place in 0..<bytes.count where unsafe bytes[place] == UInt8(ascii: "\n") { rows += 1 }
        endsWithNewline = unsafe bytes[bytes.count - 1] == UInt8(ascii: "\n")
    }

    /// Walks over the lengths; values are skipped without being looked at.
    private mutating func countRows(_ bytes: UnsafeRawBufferPointer) {
        var place = 0
        while place < bytes.count {
            if case .number(0, _, .fieldCount) = state { unsafe skipWholeRows(bytes, &place) }
            guard place < bytes.count else { return }
            switch state {
            case .ended:
                // Bytes after the end: the stream is not what it should be.
                rows = -1
                return
            case .skipping(let count):
                let step = min(count, bytes.count - place)
                place += step
                state = step == count ? .number(bytes: 0, value: 0, wanted: afterSkip) : .skipping(count - step)
            case .number(let have, let value, let wanted):
                let next = unsafe value << 8 | UInt32(bytes[place])
                place += 1
                let size = if case .fieldCount = wanted { 2 } else { 4 }
                if have + 1 < size {
                    state = .number(bytes: have + 1, value: next, wanted: wanted)
                } else {
                    finish(next, wanted)
                }
            }
        }
    }

    /// Walks over rows that are there to their end, the usual ones, without a step for each byte.
    private mutating func skipWholeRows(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) {
        let end = bytes.count
        while place + 2 <= end {
            var next = place + 2
            let fields = unsafe Int(Int16(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int16.self)))
            guard fields >= 0 else { return }
            for _ in 0..<fields {
                guard next + 4 <= end else { return }
                let length = unsafe Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: next, as: Int32.self))
                next += 4 + max(0, Int(length))
            }
            guard next <= end else { return }
            place = next
            rows += 1
        }
    }

    private mutating func finish(_ value: UInt32, _ wanted: Wanted) {
        switch wanted {
        case .extensionLength: skip(Int(value), then: .fieldCount)
        case .fieldCount:
            let fields = Int16(truncatingIfNeeded: value)
            if fields < 0 {
                state = .ended
                return
            }
            rows += 1
            state = .number(
                bytes: 0, value: 0, wanted: fields == 0 ? .fieldCount : .fieldLength(remaining: Int(fields)))
        case .fieldLength(let remaining):
            let next: Wanted = remaining == 1 ? .fieldCount : .fieldLength(remaining: remaining - 1)
            skip(max(0, Int(Int32(bitPattern: value))), then: next)
        }
    }

    private mutating func skip(_ count: Int, then wanted: Wanted) {
        afterSkip = wanted
        state = count == 0 ? .number(bytes: 0, value: 0, wanted: wanted) : .skipping(count)
    }
}
