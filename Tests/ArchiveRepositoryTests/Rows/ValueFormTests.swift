import SealedStreams
import Testing

@testable import ArchiveRepository

@Suite("Forms of values")
struct ValueFormTests {
    private static let count = 20_000

    /// The stored bytes of one value, in a column made by a rule.
    private func bytesPerValue(_ value: (Int, inout SeededRandom) -> [UInt8]?) throws -> Double {
        var random = SeededRandom(5)
        let messages = CopyRows.messages((0..<Self.count).map { CopyRows.row([value($0, &random)]) })
        let piece = try EncodedPiece(messages, columns: 1)
        #expect(try piece.decoded().stream == messages.flatMap(\.self))
        return Double(piece.content.count) / Double(Self.count)
    }

    @Test func `serial numbers and constants cost nothing`() throws {
        #expect(try bytesPerValue { row, _ in CopyRows.bigEndian(Int64(row) * 3) } < 0.01)
        #expect(try bytesPerValue { _, _ in Array("the same text".utf8) } < 0.01)
        #expect(try bytesPerValue { _, _ in nil } < 0.01)
        #expect(try bytesPerValue { _, _ in [] } < 0.01)
    }

    @Test func `times cost what their steps cost`() throws {
        var time: Int64 = 800_000_000_000_000
        let seconds = try bytesPerValue { _, random in
            time += 1_000_000 * Int64.random(in: 0...200, using: &random)
            return CopyRows.bigEndian(time)
        }
        #expect(seconds < 1.1)
    }

    @Test func `money costs its digits`() throws {
        let money = try bytesPerValue { _, random in
            Numerics.bytes(
                digits: "\(Int.random(in: 100...9_999, using: &random))", scale: 2, isNegative: false)
        }
        #expect(money < 1.85)
    }

    @Test func `positions with six decimals cost less than half of a double`() throws {
        let position = try bytesPerValue { _, random in
            CopyRows.bigEndian((Double(Int.random(in: 45_000_000...48_000_000, using: &random)) / 1e6).bitPattern)
        }
        #expect(position < 3)
    }

    @Test func `labels cost a part of a byte`() throws {
        let labels = ["active", "done", "cancelled", "new"]
        #expect(try bytesPerValue { _, random in Array(RandomTable.oneOf(labels, &random).utf8) } < 0.27)
        #expect(try bytesPerValue { _, random in [Bool.random(using: &random) ? 1 : 0] } < 0.14)
        var random = SeededRandom(6)
        let owners = (0..<200).map { _ in random.bytes(16) }
        #expect(try bytesPerValue { _, random in RandomTable.oneOf(owners, &random) } < 1.3)
    }

    @Test func `random identifiers cost no more than they have`() throws {
        #expect(try bytesPerValue { _, random in random.bytes(16) } < 16.01)
    }

    @Test func `a second time of the same row costs its distance`() throws {
        var random = SeededRandom(7)
        var time: Int64 = 800_000_000_000_000
        let messages = CopyRows.messages(
            (0..<Self.count).map { _ in
                time += Int64.random(in: 0...90_000_000, using: &random)
                let later = time + (Int.random(in: 0..<10, using: &random) == 0 ? 60_000_000 : 0)
                let seen = Bool.random(using: &random) ? later : nil
                return CopyRows.row([
                    CopyRows.bigEndian(time), CopyRows.bigEndian(later), seen.map { CopyRows.bigEndian($0) },
                ])
            })
        let piece = try EncodedPiece(messages, columns: 3)
        #expect(try piece.decoded().stream == messages.flatMap(\.self))
        #expect(piece.content.count < Self.count * 5)
    }

    @Test func `every numeric is converted back exactly, or not at all`() {
        var random = SeededRandom(8)
        var converted = 0
        for _ in 0..<20_000 {
            let digits = String(
                "\(UInt64.random(in: 0...UInt64.max, using: &random))".prefix(Int.random(in: 1...16, using: &random)))
            let scale = Int.random(in: 0...40, using: &random)
            let bytes = Numerics.bytes(digits: digits, scale: scale, isNegative: Bool.random(using: &random))
            converted += isConvertible(bytes) ? 1 : 0
        }
        #expect(converted > 10_000)
    }

    @Test func `numerics in a form that PostgreSQL does not write are left alone`() {
        let odd: [(digits: [UInt16], weight: Int16, sign: UInt16)] = [
            ([0, 5], 1, 0), ([5, 0], 1, 0), ([], 3, 0), ([], 0, 0x4000), ([10_000], 0, 0), ([5], 0, 0x8000),
            ([5], 0, 0xc000), ([1, 1, 1, 1, 1], 4, 0), ([5], 4, 0), ([5], -9_000, 0),
        ]
        for each in odd {
            var bytes = CopyRows.bigEndian(Int16(each.digits.count)) + CopyRows.bigEndian(each.weight)
            bytes += CopyRows.bigEndian(each.sign) + [0, 2] + each.digits.flatMap { CopyRows.bigEndian($0) }
            #expect(!isConvertible(bytes), "\(each)")
        }
        #expect(isConvertible(CopyRows.bigEndian(Int64(2))))
    }

    private func isConvertible(_ bytes: [UInt8]) -> Bool {
        unsafe bytes.withUnsafeBytes { raw in
            guard let start = raw.baseAddress, let value = unsafe NumericValue.parse(start, raw.count) else {
                return false
            }
            var back = [UInt8](repeating: 0, count: NumericValue.mostBytes)
            let length = unsafe back.withUnsafeMutableBytes { room in
                unsafe room.baseAddress.map {
                    unsafe NumericValue.write(value.mantissa, scale: Int(value.scale), to: $0)
                } ?? 0
            }
            #expect(Array(back.prefix(length)) == bytes)
            return true
        }
    }

    @Test func `documents cost what stands in them, not their keys`() throws {
        let screens = ["/home", "/trips", "/wins"]
        let document = try bytesPerValue { row, random in
            let id = Hexadecimal.text(random.bytes(16))
            let parts = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)].map { String(Array(id)[$0.0..<$0.1]) }
            let ms = Int.random(in: 0...9_999, using: &random)
            let screen = RandomTable.oneOf(screens, &random)
            return [1]
                + Array(
                    #"{"ms": \#(ms), "id": "\#(parts.joined(separator: "-"))", "screen": "\#(screen)", "row": \#(row)}"#
                        .utf8)
        }
        // 16 for the identifier, 13.3 bits for the number, 1.6 bits for the screen.
        #expect(document < 18.3)
    }

    /// Documents that are hard to take apart, between some that are not.
    private static let odd: [String] = [
        "{}", "[]", "{", #"{"a": ""}"#, #"{"a": "x\""}"#, #"{"a": "x\"#, #"{"a": 007}"#, #"{"a": 0}"#,
        #"{"a": -1.50e7}"#, #"{"a": 123456789012345678}"#, #"{"a": 1234567890123456789}"#, "{\"k\": \u{11}}",
        "{\"a\u{10}\": 5}", #"{"a" : "b"}"#, #"{"a": "0fba4547-33c9-468a-a172-29585f2b8a11"}"#,
        #"{"a": "0FBA4547-33c9-468a-a172-29585f2b8a11"}"#, #"{"a": "0fba4547-33c9-468a-a172+29585f2b8a11"}"#,
        #"{"a": 5}"#, #"{"a": 18446744073709551616}"#, "{\"a\": \"\u{10}\"}", #"[[1,2],[3]]"#,
        #"{"größe": "🚐", "n": null, "b": true}"#, "{\"k\": \u{11}, \"text\": \"\u{10}\", \"x\": \u{11}.\u{10}}",
        "{\"a\": \"" + String(repeating: "x", count: 5_000) + "\"}",
    ]

    @Test(arguments: [1, 3, 40, 1_000]) func `any document comes back`(every: Int) throws {
        for prefix in [[], [1]] as [[UInt8]] {
            _ = try bytesPerValue { row, random in
                if row % 700 == 1 { return nil }
                if row % every == 0 { return prefix + Array(RandomTable.oneOf(Self.odd, &random).utf8) }
                let n = row % 5 == 0 ? "\"\"" : "\(Int.random(in: 0...50, using: &random))"
                return prefix + Array(#"{"k": \#(n), "text": "\#(row * 7)", "x": \#(row).\#(row % 100)}"#.utf8)
            }
        }
    }
}
