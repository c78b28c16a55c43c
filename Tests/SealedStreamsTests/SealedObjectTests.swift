import Diagnostics
import Testing

@testable import SealedStreams

@Suite("Sealed objects")
struct SealedObjectTests {
    private static let segment = SealedObject.segment

    @Test(arguments: [
        0, 1, 15, 16, 17, segment - 33, segment - 1, segment, segment + 1, segment + 16, segment + 48, segment + 49,
        2 * segment - 1, 2 * segment, 2 * segment + 1, 3 * segment, 3 * segment + 12_345,
    ])
    func `an object of every length around the borders of segments comes back`(count: Int) throws {
        var random = FixedRandom(seed: UInt64(count))
        let content = random.bytes(count: count)
        let segments = max(1, (count + Self.segment - 1) / Self.segment)
        for step in [Int.max, 1_000, Self.segment, Self.segment + 1] {
            let object = try SealedObject.seal(content, step: step)
            #expect(object.count == 72 + count + 16 * segments + 32)
            #expect(try SealedObject.open(object) == content)
            #expect(try SealedObject.open(object, code: nil, step: 777) == content)
            #expect(try SealedObject.verify(object) == object.count)
        }
    }

    @Test func `writes of one byte and of none make the same object content`() throws {
        let content = FixedRandomBytes.of(count: 300)
        let received = Received()
        var sink = try SealedObject.sink(received)
        try sink.write([])
        for byte in content {
            try sink.write([byte])
            try sink.write([])
        }
        let totals = try sink.finishObject()
        #expect(try SealedObject.open(received.bytes, step: 1) == content)
        #expect(totals.contentBytes == 300 && totals.storedBytes == received.bytes.count)
        #expect(totals.code.bytes == received.bytes.suffix(32))
    }

    @Test(arguments: [
        (
            "",
            """
            57484442010100106061626364656667404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f
            3230323630313031543030303030305a2d61626364656600
            ee5ecc59695779fcb5b334ce53d7e886
            94e2fd8c6ad62774fbb10af35ff691f19ac7bb5ff6f5e8f6a23c316f7fbfa327
            """
        ),
        (
            "Hello, wheels",
            """
            57484442010100106061626364656667404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f
            3230323630313031543030303030305a2d61626364656600
            2b1e4ace070c248a7b80943c0c19ccd28e2e96d9d3221a799703051e66
            36e1b6ef719926526851fabe3675af88a247113c7ceba7f0f4ae00a934507c98
            """
        ),
    ])
    func `an object that another program wrote by the specification opens`(content: String, object: String) throws {
        #expect(try SealedObject.open(hex(object)) == Array(content.utf8))
        #expect(try SealedObject.verify(hex(object)) == hex(object).count)
    }

    @Test func `the segments of a long object are those of the specification`() throws {
        let content = (0..<150_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let header = try SealedObjectHeader(
            parsing: hex("5748444201010010 6061626364656667") + Array(64..<96) + [UInt8](repeating: 0, count: 24),
            name: SealedObject.name)
        var cipher = try AEADContext.sealing(.aes256GCM, key: header.objectKey(from: SealedObject.content))
        var nonce = SegmentNonce()
        var object = ReusableBuffer(capacity: 0)
        object.append(header.bytes)
        for start in stride(from: 0, to: content.count, by: Self.segment) {
            let end = min(start + Self.segment, content.count)
            nonce.mark(last: end == content.count)
            let associated = header.associatedBytes(name: SealedObject.name)
            let segment = unsafe content.span.extracting(start..<end).bytes
            try cipher.seal(segment, nonce: nonce, authenticating: associated, into: &object)
            if end < content.count { nonce.advance() }
        }
        var code = try SealedObjectHeader.startCode(name: SealedObject.name, key: SealedObject.code)
        try code.update(object.array)
        object.append(try code.finish().bytes)
        // Computed by another program from docs/ARCHIVE-FORMAT.md.
        #expect(
            try SHA256.digest(object.array).description
                == "8a626cabda49763bb79e92c91164ff9ae419394cc48fbe30f4dd8e5b27f775fa"
        )
        #expect(try SealedObject.open(object.array) == content)
    }

    @Test func `the name of the data key is in the header, and an impossible one is damage`() throws {
        var bytes =
            hex("5748444201010010 6061626364656667") + Array(64..<96) + Array("20260101T000000Z-abcdef".utf8) + [0]
        #expect(try SealedObjectHeader(parsing: bytes, name: "x").keyName == "20260101T000000Z-abcdef")
        #expect(try SealedObjectHeader(parsing: bytes, name: "x").bytes == bytes)
        bytes[50] = 0
        #expect(failureClass { _ = try SealedObjectHeader(parsing: bytes, name: "x") } == .corrupt)
        bytes[50] = 7
        #expect(failureClass { _ = try SealedObjectHeader(parsing: bytes, name: "x") } == .corrupt)
    }

    @Test func `equal contents make different objects`() throws {
        #expect(try SealedObject.seal([1, 2, 3]) != SealedObject.seal([1, 2, 3]))
    }

    @Test(arguments: [0, 10, 71, 72, 84, 65_623, 65_624, 65_625, 131_224, 200_135, 200_167])
    func `a sink that fails midway leaves no success, even when the caller goes on`(budget: Int) throws {
        let content = FixedRandomBytes.of(count: 200_000)
        let received = Received()
        func careless() throws {
            var sink = try SealedObject.sink(received, budget: budget)
            for start in stride(from: 0, to: content.count, by: 50_000) {
                // The caller ignores what it is told.
                try? sink.write(Array(content[start..<start + 50_000]))
            }
            try sink.finish()
        }
        #expect(throws: FaultySink.Fault.self) { try careless() }
        #expect(!received.isFinished)
    }

    @Test func `a sink that fails to finish is no success`() throws {
        let received = Received()
        func run() throws {
            var sink = try SealedObject.sink(received, failsToFinish: true)
            try sink.write([1])
            try sink.finish()
        }
        #expect(throws: FaultySink.Fault.self) { try run() }
        #expect(!received.isFinished)
    }

    @Test(arguments: [0, 71, 72, 100, 65_624, 65_700, 100_000])
    func `a source that fails gives its own error, and never an end`(place: Int) throws {
        let object = try SealedObject.seal(FixedRandomBytes.of(count: 100_000))
        var source = DrippingSource(object, step: 10_000, failsAfter: place)
        guard place > 72 else {
            #expect(throws: DrippingSource.Fault.self) {
                let header = try SealedObjectHeader(from: &source, name: "x")
                var opening = try OpeningSource(
                    source, header: header, name: "x", kind: .chunk,
                    keys: OpeningKeys(content: SealedObject.content, code: nil))
                var buffer = ReusableBuffer(capacity: 0)
                _ = try opening.read(upTo: 1, into: &buffer)
            }
            return
        }
        let header = try SealedObjectHeader(from: &source, name: SealedObject.name)
        let keys = OpeningKeys(content: SealedObject.content, code: SealedObject.code)
        var opening = try OpeningSource(source, header: header, name: SealedObject.name, kind: .chunk, keys: keys)
        var buffer = ReusableBuffer(capacity: 0)
        var faults = 0
        while faults < 3 {
            do {
                if try opening.read(upTo: 1 << 20, into: &buffer) == 0 { break }
            } catch is DrippingSource.Fault { faults += 1 }
        }
        #expect(faults == 3)
    }

    @Test func `300 MB pass through buffers of a segment`() throws {
        let piece = FixedRandomBytes.of(count: 1 << 20)
        let received = Received()
        let inner = FaultySink(received: received, keeps: false)
        var sink = try SealingSink(inner, name: "big", kind: .chunk, codec: 0, keys: SealedObject.keys())
        for _ in 0..<300 { try sink.write(piece) }
        let totals = try sink.finishObject()
        #expect(totals.contentBytes == 300 << 20 && received.total == totals.storedBytes)
        #expect(received.longestWrite == SealedObject.sealedSegment)
    }

    @Test func `a long object is read through buffers of a segment`() throws {
        let object = try SealedObject.seal(FixedRandomBytes.of(count: 40 * Self.segment + 5))
        let asked = Received()
        var source = WatchedSource(source: MemorySource(object), asked: asked)
        let header = try SealedObjectHeader(from: &source, name: SealedObject.name)
        let keys = OpeningKeys(content: SealedObject.content, code: SealedObject.code)
        var opening = try OpeningSource(source, header: header, name: SealedObject.name, kind: .chunk, keys: keys)
        var buffer = ReusableBuffer(capacity: 10_000)
        var total = 0
        while true {
            let added = try opening.read(upTo: 10_000, into: &buffer)
            guard added > 0 else { break }
            total += added
            buffer.removeAll()
        }
        #expect(total == 40 * Self.segment + 5)
        #expect(buffer.capacity == 10_000)
        #expect(asked.longestWrite <= SealedObject.sealedSegment + 33)
    }
}

/// Remembers the largest read that was asked for.
private struct WatchedSource: ByteSource, Sendable {
    var source: MemorySource
    let asked: Received

    mutating func read(upTo maximum: Int, into buffer: inout ReusableBuffer) -> Int {
        asked.note(maximum)
        return source.read(upTo: maximum, into: &buffer)
    }
}

/// Bytes that do not compress, the same on every run.
enum FixedRandomBytes {
    static func of(count: Int, seed: UInt64 = 42) -> [UInt8] {
        var random = FixedRandom(seed: seed)
        return random.bytes(count: count)
    }
}
