import Diagnostics
import Testing

@testable import SealedStreams

private func compress(_ bytes: [UInt8], level: Int = 3, step: Int = .max) throws -> [UInt8] {
    var encoder = try ZstdEncoder(level: level)
    let received = Received()
    var sink = FaultySink(received: received)
    var start = 0
    while start < bytes.count {
        let end = start + min(step, bytes.count - start)
        try encoder.write(unsafe bytes.span.extracting(start..<end).bytes, to: &sink)
        start = end
    }
    try encoder.finish(to: &sink)
    return received.bytes
}

private func decompress(_ frame: [UInt8], step: Int = .max) throws -> (bytes: [UInt8], longest: Int) {
    var decoder = try ZstdDecoder(name: "frame")
    var source = DrippingSource(frame, step: step)
    var buffer = ReusableBuffer(capacity: 0)
    var longest = 0
    while true {
        let added = try decoder.read(from: &source, into: &buffer)
        longest = max(longest, added)
        if added == 0 { return (buffer.array, longest) }
    }
}

@Suite("zstd")
struct ZstdTests {
    private static let random = FixedRandomBytes.of(count: 1_000_000)
    private static let text = (0..<60_000).flatMap { Array("row \($0 % 977)\n".utf8) }

    @Test(arguments: ["nothing", "a byte", "zeros", "random", "text", "128 KiB", "a byte more"])
    func `every input comes back, whatever the size of the pieces`(input: String) throws {
        let inputs = [
            "a byte": [7], "zeros": [UInt8](repeating: 0, count: 3_000_000), "random": Self.random, "text": Self.text,
            "128 KiB": Array(Self.text.prefix(131_072)), "a byte more": Array(Self.text.prefix(131_073)),
        ]
        let bytes = inputs[input] ?? []
        for (level, step) in [(1, Int.max), (3, 1_000), (3, 131_072), (19, Int.max)]
        where level < 10 || bytes.count < 1_000_000 {
            let frame = try compress(bytes, level: level, step: step)
            let found = try decompress(frame, step: step)
            #expect(found.bytes == bytes)
            #expect(found.longest <= 131_072)
        }
        let frame = try compress(Array(bytes.prefix(5_000)), step: 1)
        #expect(try decompress(frame, step: 1).bytes == Array(bytes.prefix(5_000)))
    }

    @Test func `what compresses gets small, and what does not hardly grows`() throws {
        #expect(try compress([UInt8](repeating: 0, count: 3_000_000)).count < 1_000)
        #expect(try compress(Self.random).count < Self.random.count + 1_000)
        #expect(try compress([]).count < 20)
    }

    @Test func `one encoder makes many frames`() throws {
        var encoder = try ZstdEncoder()
        for count in [0, 10, 100_000] {
            let received = Received()
            var sink = FaultySink(received: received)
            let bytes = Array(Self.text.prefix(count))
            try encoder.write(unsafe bytes.span.bytes, to: &sink)
            try encoder.finish(to: &sink)
            #expect(try decompress(received.bytes).bytes == bytes)
        }
        #expect(failureClass { _ = try decompress(compress([1]) + compress([2])) } == .corrupt)
    }

    @Test func `each cut of a frame is found`() throws {
        let frame = try compress(Array(Self.text.prefix(3_000)))
        for length in 0..<frame.count {
            #expect(failureClass { _ = try decompress(Array(frame[..<length])) } == .corrupt, "length \(length)")
        }
        let long = try compress(Self.random)
        for length in [long.count - 1, 500_000, 131_072, 131_073] {
            #expect(failureClass { _ = try decompress(Array(long[..<length])) } == .corrupt)
        }
    }

    @Test func `bytes behind a frame are found`() throws {
        let frame = try compress(Self.text)
        for tail in [[0], frame] as [[UInt8]] {
            for step in [Int.max, 1, frame.count] where step > 1 || frame.count < 20_000 {
                #expect(failureClass { _ = try decompress(frame + tail, step: step) } == .corrupt)
            }
        }
    }

    @Test func `a damaged frame is corrupt or other content, and never crashes`() throws {
        let bytes = Array(Self.text.prefix(2_000))
        let frame = try compress(bytes)
        var found = 0
        for place in frame.indices {
            for bit in 0..<8 {
                var changed = frame
                changed[place] ^= 1 << UInt8(bit)
                let failure = failureClass { _ = try decompress(changed) }
                #expect(failure == nil || failure == .corrupt)
                if failure == .corrupt { found += 1 }
            }
        }
        #expect(found > frame.count)
        #expect(failureClass { _ = try decompress(Array("no frame at all".utf8)) } == .corrupt)
    }

    // A frame header with a window descriptor, then a last raw block of no bytes.
    @Test(arguments: [23, 24, 27, 31, 41] as [UInt8])
    func `a frame that declares a window beyond 8 MiB is refused`(log: UInt8) {
        let expected: FailureClass? = log > 23 ? .corrupt : nil
        let frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, (log - 10) << 3, 0x01, 0x00, 0x00]
        #expect(failureClass { _ = try decompress(frame) } == expected)
    }

    @Test func `a frame that declares a huge content is refused`() {
        // One segment, whose window is its content: 2^40 bytes.
        let frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 1, 0, 0, 0x01, 0x00, 0x00]
        #expect(failureClass { _ = try decompress(frame) } == .corrupt)
    }

    @Test func `a frame in memory comes back at its length and at no other`() throws {
        var encoder = try ZstdEncoder()
        var decoder = try ZstdDecoder(name: "frame")
        for bytes in [[], [1], Self.text, Self.random] as [[UInt8]] {
            var frame = ReusableBuffer(capacity: 0)
            try encoder.appendFrame(of: unsafe bytes.span.bytes, to: &frame)
            let packed = frame.array
            var content = ReusableBuffer(capacity: 0)
            content.append([9])
            try decoder.appendContent(ofFrame: unsafe packed.span.bytes, length: bytes.count, to: &content)
            #expect(content.array == [9] + bytes)
            for length in [bytes.count - 1, bytes.count + 1] where length >= 0 {
                var other = ReusableBuffer(capacity: 0)
                let error = #expect(throws: SealedStreamError.self) {
                    try decoder.appendContent(ofFrame: unsafe packed.span.bytes, length: length, to: &other)
                }
                #expect(error?.failureClass == .corrupt)
                #expect(other.array.isEmpty)
            }
        }
    }

    @Test func `a sink that fails stops the encoder with its own error`() throws {
        var encoder = try ZstdEncoder()
        var sink = FaultySink(received: Received(), budget: 100_000)
        let error = #expect(throws: FaultySink.Fault.self) {
            try encoder.write(unsafe Self.random.span.bytes, to: &sink)
            try encoder.finish(to: &sink)
        }
        #expect(error != nil)
    }
}

@Suite("Reusable buffers")
struct ReusableBufferTests {
    @Test func `appends, removes and grows`() {
        var buffer = ReusableBuffer(capacity: 4)
        buffer.append(Array(0..<40))
        #expect(buffer.count == 40 && buffer.capacity >= 40)
        buffer.removeFirst(10)
        buffer.removeLast(5)
        #expect(buffer.array == Array(10..<35))
        buffer.append([])
        buffer.removeFirst(0)
        #expect(buffer.count == 25)
        buffer.removeFirst(25)
        let isEmpty = buffer.isEmpty
        #expect(isEmpty)
        buffer.append([1])
        buffer.removeAll()
        #expect(buffer.array.isEmpty)
    }

    @Test func `a filler that fails adds nothing`() {
        var buffer = ReusableBuffer(capacity: 4)
        buffer.append([1, 2])
        let error = #expect(throws: FaultySink.Fault.self) {
            try unsafe buffer.appendUnsafely(upTo: 100) { room throws(FaultySink.Fault) in
                unsafe room[0] = 9
                throw FaultySink.Fault()
            }
        }
        #expect(error != nil && buffer.array == [1, 2])
    }
}
