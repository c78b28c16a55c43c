import Diagnostics
import Foundation

@testable import SealedStreams

/// The same numbers on every run: a linear congruential generator with Knuth's constants.
struct FixedRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state ^ state >> 29) &* 0x9e37_79b9_7f4a_7c15
    }

    mutating func bytes(count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            let number = next()
            for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * shift))) }
        }
        return Array(bytes.prefix(count))
    }
}

/// What a sink was given, seen from outside; used by one test and one thread.
///
/// `@unchecked`: everything is touched under `lock` alone.
final class Received: @unchecked Sendable {
    private let lock = NSLock()
    private var content: [UInt8] = []
    private var count = 0
    private var longest = 0
    private var ended = false

    var bytes: [UInt8] { lock.withLock { content } }
    var total: Int { lock.withLock { count } }
    var longestWrite: Int { lock.withLock { longest } }
    var isFinished: Bool { lock.withLock { ended } }

    func note(_ length: Int, keeping bytes: [UInt8] = []) {
        lock.withLock {
            count += length
            longest = max(longest, length)
            content += bytes
        }
    }

    func finish() { lock.withLock { ended = true } }
}

/// A sink in memory that fails after so many bytes, once: a careless caller may go on, and must not be told of success.
struct FaultySink: ByteSink, Sendable {
    struct Fault: Error, Equatable {}

    let received: Received
    var budget = Int.max
    var failsToFinish = false
    var keeps = true

    mutating func write(_ bytes: RawSpan) throws {
        guard bytes.byteCount <= budget else {
            budget = .max
            throw Fault()
        }
        budget -= bytes.byteCount
        let kept = keeps ? unsafe bytes.withUnsafeBytes { unsafe Array($0) } : []
        received.note(bytes.byteCount, keeping: kept)
    }

    consuming func finish() throws {
        if failsToFinish { throw Fault() }
        received.finish()
    }
}

/// A source that gives a few bytes at a time, and can fail at a place.
struct DrippingSource: ByteSource, Sendable {
    struct Fault: Error, Equatable {}

    private var source: MemorySource
    private let step: Int
    private var left: Int

    init(_ bytes: [UInt8], step: Int, failsAfter: Int = .max) {
        source = MemorySource(bytes)
        self.step = step
        left = failsAfter
    }

    mutating func read(upTo maximum: Int, into buffer: inout ReusableBuffer) throws -> Int {
        guard left > 0 else { throw Fault() }
        let count = source.read(upTo: min(maximum, step, left), into: &buffer)
        left -= count
        return count
    }
}

/// Keys and names of the objects in these tests.
enum SealedObject {
    static let content = SecretKey(Array(0..<32))
    static let code = SecretKey(Array(32..<64))
    static let name = "chunks/20260101T000000Z-abcdef/1"
    static let segment = SealedObjectHeader.segmentLength
    static let sealedSegment = SealedObjectHeader.sealedSegmentLength

    static func keys() throws -> SealingKeys {
        SealingKeys(content: content, code: code, writer: try KeyFingerprint(of: code))
    }

    static func sink(_ received: Received, budget: Int = .max, failsToFinish: Bool = false) throws
        -> SealingSink<FaultySink>
    {
        let inner = FaultySink(received: received, budget: budget, failsToFinish: failsToFinish)
        return try SealingSink(inner, name: name, kind: .chunk, codec: 0, keys: keys())
    }

    static func seal(_ bytes: [UInt8], step: Int = .max) throws -> [UInt8] {
        let received = Received()
        var sink = try sink(received)
        var start = 0
        while start < bytes.count {
            let end = start + min(step, bytes.count - start)
            try sink.write(Array(bytes[start..<end]))
            start = end
        }
        try sink.finish()
        return received.bytes
    }

    static func open(
        _ object: [UInt8],
        name: String = name,
        kind: SealedObjectKind = .chunk,
        content: SecretKey = content,
        code: SecretKey? = code,
        step: Int = .max
    ) throws -> [UInt8] {
        var source = DrippingSource(object, step: step)
        let header = try SealedObjectHeader(from: &source, name: name)
        let keys = OpeningKeys(content: content, code: code)
        var opening = try OpeningSource(source, header: header, name: name, kind: kind, keys: keys)
        var buffer = ReusableBuffer(capacity: segment)
        while try opening.read(upTo: 40_000, into: &buffer) > 0 {}
        return buffer.array
    }

    static func verify(_ object: [UInt8], name: String = name, code: SecretKey = code) throws -> Int {
        var source = MemorySource(object)
        let header = try SealedObjectHeader(from: &source, name: name)
        return try SealedObjectCheck.verify(source, header: header, name: name, codeKey: code).storedBytes
    }
}

/// The class of the error that a body throws; `nil` when it throws none.
func failureClass(_ body: () throws -> Void) -> FailureClass? {
    do {
        try body()
        return nil
    } catch { return (error as? SealedStreamError)?.failureClass ?? .failure }
}
