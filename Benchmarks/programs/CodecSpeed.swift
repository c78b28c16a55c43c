import ArchiveRepository
import Foundation
import SealedStreams

/// Encodes and decodes files of `COPY … (FORMAT binary)`: sizes, and the best speed of some runs on one thread.
@main
struct CodecSpeed {
    /// Rows of one file, and where each message of it begins.
    struct Sample {
        let bytes: [UInt8]
        var starts: [Int] = [0]
        let columns: Int

        init(path: String) throws {
            bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            var place = 19
            columns = Int(bytes[19]) << 8 | Int(bytes[20])
            while bytes[place] != 0xff {
                var next = place + 2
                for _ in 0..<columns {
                    let length = bytes[next..<next + 4].reduce(Int32(0)) { $0 << 8 | Int32($1) }
                    next += 4 + max(0, Int(length))
                }
                place = next
                starts.append(place)
            }
            starts.append(bytes.count)
        }
    }

    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        let level = arguments.first.flatMap { Int($0) } ?? 3
        var total = (raw: 0, stored: 0, encode: 0.0, decode: 0.0)
        print("file                      COPY MB   stored MB  ratio   encode MB/s  decode MB/s")
        for path in arguments.dropFirst() {
            let sample = try Sample(path: path)
            let (content, encode) = try best { try Self.encode(sample, level: level) }
            let (_, decode) = try best { try Self.decode(content, expected: sample.bytes) }
            let name = (path as NSString).lastPathComponent
            line(name, sample.bytes.count, content.count, encode, decode)
            total.raw += sample.bytes.count
            total.stored += content.count
            total.encode += encode
            total.decode += decode
        }
        line("all", total.raw, total.stored, total.encode, total.decode)
    }

    static func line(_ name: String, _ raw: Int, _ stored: Int, _ encode: Double, _ decode: Double) {
        let megabytes = Double(raw) / 1e6
        let text = String(
            format: "%8.1f   %9.2f  %.3f   %11.0f  %11.0f", megabytes, Double(stored) / 1e6,
            Double(stored) / Double(raw), megabytes / encode, megabytes / decode)
        print(name.padding(toLength: 25, withPad: " ", startingAt: 0), text)
    }

    static func best<Result>(_ body: () throws -> Result) throws -> (Result, Double) {
        var result = try body()
        var fastest = Double.infinity
        for _ in 0..<3 {
            let start = ContinuousClock.now
            result = try body()
            let took = ContinuousClock.now - start
            fastest = min(fastest, Double(took.components.attoseconds) / 1e18 + Double(took.components.seconds))
        }
        return (result, fastest)
    }

    static func encode(_ sample: Sample, level: Int) throws -> [UInt8] {
        var encoder = try PieceEncoder(columns: sample.columns, format: .binary, level: level)
        var content = ReusableBuffer(capacity: 1 << 20)
        let bytes = sample.bytes.span.bytes
        for index in 1..<sample.starts.count {
            try encoder.encode(bytes.extracting(sample.starts[index - 1]..<sample.starts[index]), into: &content)
        }
        _ = try encoder.finish(ranges: [], into: &content)
        return content.array
    }

    static func decode(_ content: [UInt8], expected: [UInt8]) throws {
        var decoder = try PieceDecoder(name: "piece")
        var source = MemorySource(content)
        var output = ReusableBuffer(capacity: 1 << 20)
        decoder.begin(length: content.count)
        var place = 0
        while try decoder.decode(from: &source, into: &output) {
            let step = output.count
            let isSame = output.withBytes { found in
                found.withUnsafeBytes { found in
                    expected.withUnsafeBytes { memcmp($0.baseAddress! + place, found.baseAddress!, step) == 0 }
                }
            }
            guard isSame else { fatalError("not what was encoded, near byte \(place)") }
            place += step
            output.removeAll()
        }
        guard place == expected.count else { fatalError("\(place) bytes came back") }
    }
}
