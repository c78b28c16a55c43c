import Foundation
import PostgresClient

/// Keeps the bytes of a COPY, message by message.
struct ByteSink: CopySink {
    var messages: [[UInt8]] = []
    var bytes: [UInt8] { messages.flatMap(\.self) }
    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func write(_ row: RawSpan) throws {
        messages.append(unsafe row.withUnsafeBytes { unsafe Array($0) })
    }
}

/// Counts a COPY and does something at one of its rows.
struct CountingSink: CopySink {
    var rows = 0
    var bytes = 0
    var largest = 0
    let row: Int
    let action: @Sendable () throws -> Void

    init(at row: Int = .max, _ action: @escaping @Sendable () throws -> Void = {}) {
        self.row = row
        self.action = action
    }

    mutating func write(_ row: RawSpan) throws {
        rows += 1
        bytes += row.byteCount
        largest = max(largest, row.byteCount)
        if rows == self.row { try action() }
    }
}

/// Gives bytes in pieces of a size, then does something at the end.
struct ByteSource: CopySource {
    private var rest: ArraySlice<UInt8>
    private let piece: Int
    private let atEnd: @Sendable () throws -> Void

    init(_ bytes: [UInt8], piece: Int = 65_536, atEnd: @escaping @Sendable () throws -> Void = {}) {
        rest = bytes[...]
        self.piece = piece
        self.atEnd = atEnd
    }

    init(_ text: String, piece: Int = 65_536, atEnd: @escaping @Sendable () throws -> Void = {}) {
        self.init(Array(text.utf8), piece: piece, atEnd: atEnd)
    }

    mutating func read(into buffer: inout MutableRawSpan) throws -> Int {
        let count = min(piece, rest.count, buffer.byteCount)
        guard count > 0 else {
            try atEnd()
            return 0
        }
        unsafe buffer.withUnsafeMutableBytes { unsafe $0.copyBytes(from: rest.prefix(count)) }
        rest = rest.dropFirst(count)
        return count
    }
}

/// Gives the same row for ever, and does something at one of its reads.
struct EndlessSource: CopySource {
    let row: [UInt8]
    let call: Int
    let action: @Sendable () throws -> Void
    var calls = 0

    init(row: String, at call: Int = .max, _ action: @escaping @Sendable () throws -> Void = {}) {
        self.row = Array(row.utf8)
        self.call = call
        self.action = action
    }

    mutating func read(into buffer: inout MutableRawSpan) throws -> Int {
        calls += 1
        if calls == call { try action() }
        unsafe buffer.withUnsafeMutableBytes { unsafe $0.copyBytes(from: row) }
        return row.count
    }
}

/// What a test's sink or source throws.
struct Stop: Error, Equatable {}

/// A list that several threads add to; `@unchecked` because the compiler cannot see that the lock guards the elements.
final class LockedList<Element: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var elements: [Element] = []

    func append(_ element: Element) { lock.withLock { elements.append(element) } }
    var all: [Element] { lock.withLock { elements } }
}
