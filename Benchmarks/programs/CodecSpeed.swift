import ArchiveRepository
import Foundation
import SealedStreams

/// Encodes and decodes a file of `COPY … (FORMAT binary)`: sizes, and the best speed of some runs on one core.
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

    /// Prints name, bytes of COPY, bytes stored, seconds of encoding and decoding, and the encoder's memory in MB.
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let level = Int(arguments[1]) else { fatalError("CodecSpeed LEVEL FILE") }
        let sample = try Sample(path: arguments[2])
        let memory = try memory(sample, level: level)
        let (content, encode) = try best { try Self.encode(sample, level: level) }
        let (_, decode) = try best { try Self.decode(content, expected: sample.bytes) }
        let name = URL(fileURLWithPath: arguments[2]).deletingPathExtension().lastPathComponent
        print(name, sample.bytes.count, content.count, encode, decode, memory)
        guard let folder = ProcessInfo.processInfo.environment["KEEP_PIECES"] else { return }
        try Data(content).write(to: URL(fileURLWithPath: "\(folder)/\(name).piece"))
    }

    /// The time this process had on a core, so that other work on the machine counts little.
    static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static func best<Result>(_ body: () throws -> Result) throws -> (Result, Double) {
        var result = try body()
        var fastest = Double.infinity
        for _ in 0..<3 {
            let start = processorSeconds()
            result = try body()
            fastest = min(fastest, processorSeconds() - start)
        }
        return (result, fastest)
    }

    /// The piece; nothing of it when it is only the memory that matters.
    static func encode(_ sample: Sample, level: Int, dropsContent: Bool = false) throws -> [UInt8] {
        var encoder = try PieceEncoder(columns: sample.columns, format: .binary, level: level)
        var content = ReusableBuffer(capacity: 1 << 20)
        let bytes = sample.bytes.span.bytes
        for index in 1..<sample.starts.count {
            try encoder.encode(bytes.extracting(sample.starts[index - 1]..<sample.starts[index]), into: &content)
            if dropsContent { content.removeAll() }
        }
        _ = try encoder.finish(ranges: [], into: &content)
        return dropsContent ? [] : content.array
    }

    /// How much more memory an encoder uses at its peak, in MB.
    static func memory(_ sample: Sample, level: Int) throws -> Double {
        try Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
        let before = try peak()
        _ = try encode(sample, level: level, dropsContent: true)
        return try Double(peak() - before) / 1e3
    }

    /// The most memory since the last reset, in kB.
    static func peak() throws -> Int {
        let status = try String(contentsOf: URL(fileURLWithPath: "/proc/self/status"), encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
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
                    expected.withUnsafeBytes { all in
                        guard let left = found.baseAddress, let right = all.baseAddress else { return found.isEmpty }
                        return memcmp(left, right + place, step) == 0
                    }
                }
            }
            guard isSame else { fatalError("not what was encoded, near byte \(place)") }
            place += step
            output.removeAll()
        }
        guard place == expected.count else { fatalError("\(place) bytes came back") }
    }
}
