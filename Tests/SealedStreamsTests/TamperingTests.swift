import Diagnostics
import Testing

@testable import SealedStreams

@Suite("Tampering with sealed objects")
struct TamperingTests {
    /// An object of three segments, and where its parts begin.
    private static let content = FixedRandomBytes.of(count: 2 * SealedObject.segment + 100)
    private static let starts = [0, 1, 2].map { 72 + $0 * SealedObject.sealedSegment }

    private static func object() throws -> [UInt8] { try SealedObject.seal(content) }

    /// Every way to open it ends in an error of the class corrupt, and a reader that goes on is not told of an end.
    private func expectCorrupt(_ object: [UInt8], _ comment: Comment? = nil) {
        #expect(failureClass { _ = try SealedObject.open(object) } == .corrupt, comment)
        #expect(failureClass { _ = try SealedObject.verify(object) } == .corrupt, comment)
        let ends = endsWell(object, code: SealedObject.code)
        #expect(!ends, comment)
    }

    /// Reads on after errors, as a careless caller would, and tells whether the object ever claimed to be complete.
    private func endsWell(_ object: [UInt8], code: SecretKey?) -> Bool {
        var source = MemorySource(object)
        guard let header = try? SealedObjectHeader(from: &source, name: SealedObject.name) else { return false }
        let keys = OpeningKeys(content: SealedObject.content, code: code)
        guard
            var opening = try? OpeningSource(
                source, header: header, name: SealedObject.name, kind: .chunk, keys: keys)
        else { return false }
        var buffer = ReusableBuffer(capacity: 0)
        var errors = 0
        while errors < 4 {
            guard let added = try? opening.read(upTo: 1 << 20, into: &buffer) else {
                errors += 1
                continue
            }
            if added == 0 { return true }
        }
        return false
    }

    @Test func `every flipped bit of a small object is found`() throws {
        let object = try SealedObject.seal(Array("Hello, wheels".utf8))
        for place in object.indices {
            for bit in 0..<8 {
                var changed = object
                changed[place] ^= 1 << UInt8(bit)
                let expected: FailureClass = place == 4 ? .unsupportedVersion : .corrupt
                #expect(failureClass { _ = try SealedObject.open(changed) } == expected, "byte \(place) bit \(bit)")
                #expect(failureClass { _ = try SealedObject.verify(changed) } == expected, "byte \(place) bit \(bit)")
                let ends = endsWell(changed, code: SealedObject.code)
                #expect(!ends)
            }
        }
    }

    @Test func `without the signature's key the segments find every change but one of the signature`() throws {
        let object = try SealedObject.seal(Array("Hello, wheels".utf8))
        for place in object.indices.dropLast(32) {
            var changed = object
            changed[place] ^= 0x80
            #expect(failureClass { _ = try SealedObject.open(changed, code: nil) } != nil, "byte \(place)")
            let ends = endsWell(changed, code: nil)
            #expect(!ends)
        }
        for cut in 1..<object.count {
            #expect(failureClass { _ = try SealedObject.open(Array(object.dropLast(cut)), code: nil) } == .corrupt)
        }
    }

    @Test func `every cut of a small object is found`() throws {
        let object = try SealedObject.seal(Array("Hello, wheels".utf8))
        for length in 0..<object.count { expectCorrupt(Array(object[..<length]), "length \(length)") }
    }

    @Test func `cuts of a long object are found, at the borders of its parts too`() throws {
        let object = try Self.object()
        var lengths = [object.count - 1, object.count - 16, object.count - 32, object.count - 33, object.count - 48]
        for start in Self.starts { lengths += [start - 1, start, start + 1, start + 16, start + 32, start + 48] }
        for length in lengths { expectCorrupt(Array(object[..<length]), "length \(length)") }
        // Cut at the border of a segment, with the true end behind it.
        for start in Self.starts { expectCorrupt(Array(object[..<start] + object.suffix(32))) }
    }

    @Test func `appended bytes are found`() throws {
        for object in [try Self.object(), try SealedObject.seal([]), try SealedObject.seal([1])] {
            for tail in [[0], [UInt8](repeating: 0, count: 32), Array(object.suffix(48)), object] as [[UInt8]] {
                expectCorrupt(object + tail)
            }
        }
    }

    @Test func `segments that are swapped, dropped, doubled or foreign are found`() throws {
        let object = try Self.object()
        let header = object[..<72]
        let first = object[Self.starts[0]..<Self.starts[1]]
        let second = object[Self.starts[1]..<Self.starts[2]]
        let last = object[Self.starts[2]..<object.count - 32]
        let code = object.suffix(32)
        let foreign = try Self.object()[Self.starts[0]..<Self.starts[1]]
        let wrong: [[ArraySlice<UInt8>]] = [
            [second, first, last], [first, last], [second, last], [last], [first, second], [first, first, last],
            [first, second, second, last], [first, second, last, last], [foreign, second, last], [last, first, second],
        ]
        for parts in wrong {
            let changed = Array(header) + parts.flatMap { Array($0) }
            expectCorrupt(changed + code)
            #expect(failureClass { _ = try SealedObject.open(changed + code, code: nil) } == .corrupt)
            // Even somebody with the writer key, who can sign, cannot put rows together anew.
            var signature = try SealedObjectHeader.startCode(name: SealedObject.name, key: SealedObject.code)
            try signature.update(changed)
            let signed = changed + (try signature.finish().bytes)
            #expect(failureClass { _ = try SealedObject.open(signed) } == .corrupt)
        }
    }

    @Test func `another name, kind, content key or signature key is found`() throws {
        let object = try Self.object()
        #expect(failureClass { _ = try SealedObject.open(object, name: "chunks/other") } == .corrupt)
        #expect(failureClass { _ = try SealedObject.open(object, name: "chunks/other", code: nil) } == .corrupt)
        #expect(failureClass { _ = try SealedObject.verify(object, name: "chunks/other") } == .corrupt)
        #expect(failureClass { _ = try SealedObject.open(object, kind: .schema) } == .corrupt)
        #expect(failureClass { _ = try SealedObject.open(object, content: SecretKey(), code: nil) } == .corrupt)
        #expect(failureClass { _ = try SealedObject.open(object, code: SecretKey()) } == .corrupt)
        #expect(failureClass { _ = try SealedObject.verify(object, code: SecretKey()) } == .corrupt)
    }

    @Test func `an error names the object and no byte of its content`() throws {
        let object = try SealedObject.seal(Array("PLAINTEXT".utf8))
        var changed = object
        changed[80] ^= 1
        let error = try #require(throws: SealedStreamError.self) { try SealedObject.open(changed, code: nil) }
        #expect(error.summary.contains(SealedObject.name) && error.summary.contains("segment 1"))
        #expect(!error.summary.contains("PLAIN"))
    }

    @Test func `nothing of a segment that is not genuine comes out`() throws {
        var object = try Self.object()
        object[Self.starts[1] + 5] ^= 1
        var source = MemorySource(object)
        let header = try SealedObjectHeader(from: &source, name: SealedObject.name)
        let keys = OpeningKeys(content: SealedObject.content, code: nil)
        var opening = try OpeningSource(source, header: header, name: SealedObject.name, kind: .chunk, keys: keys)
        var buffer = ReusableBuffer(capacity: 0)
        #expect(throws: SealedStreamError.self) {
            while try opening.read(upTo: 1_000, into: &buffer) > 0 {}
        }
        #expect(buffer.array == Array(Self.content.prefix(SealedObject.segment)))
    }

    @Test func `random damage of random objects is always found`() throws {
        var random = FixedRandom(seed: 2_026)
        for _ in 0..<300 {
            let count = Int.random(in: 0...140_000, using: &random) >> Int.random(in: 0...12, using: &random)
            let content = random.bytes(count: count)
            let object = try SealedObject.seal(content, step: Int.random(in: 1...70_000, using: &random) + 500)
            #expect(try SealedObject.open(object, step: Int.random(in: 500...90_000, using: &random)) == content)
            var changed = object
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: changed.indices, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: changed.removeSubrange(place..<min(place + 1 + place % 50, changed.count))
                case 2: changed.insert(contentsOf: random.bytes(count: 1 + place % 40), at: place)
                case 3: changed.removeLast(min(place, changed.count - 1))
                default: changed += changed[place...].prefix(100)
                }
                if changed.isEmpty { changed = [0] }
            }
            guard changed != object else { continue }
            let found = failureClass { _ = try SealedObject.open(changed) }
            #expect(found == .corrupt || found == .unsupportedVersion)
            let ends = endsWell(changed, code: SealedObject.code)
            #expect(!ends)
        }
    }
}
