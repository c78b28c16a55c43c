import ArchiveRepository
import Diagnostics
import Foundation
import SealedStreams

/// Writes pieces of small random tables into the folder that `SEEDS` names, for libFuzzer to begin with.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer) -> CInt {
    guard let folder = ProcessInfo.processInfo.environment["SEEDS"] else { return 0 }
    for seed in 0..<600 {
        let table = RandomTable(seed: UInt64(seed))
        do {
            let messages = table.rows.count > 100 ? Array(table.messages.prefix(100)) : table.messages
            let piece = try EncodedPiece(messages, columns: table.columns, ranges: [])
            try Data(piece.content).write(to: URL(fileURLWithPath: "\(folder)/table-\(seed)"))
            let text = try EncodedPiece(messages, columns: table.columns, format: .text)
            if seed % 40 == 0 { try Data(text.content).write(to: URL(fileURLWithPath: "\(folder)/text-\(seed)")) }
        } catch { fatalError("no seeds: \(error)") }
    }
    return 0
}

/// What libFuzzer calls with one input: the input is decoded as a piece, and as a list of wanted rows it is given too.
///
/// An error of the class corrupt, or rows, are right; a trap, a read out of bounds or too much memory end the run. What was
/// decoded well is encoded again, and has to come back: so the encoder meets odd rows too.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = [UInt8](UnsafeBufferPointer(start: start, count: count))
    guard let stream = decode(input, live: nil) else { return 0 }
    _ = decode(
        input,
        live: [LiveRows(rows: 1, isLive: false), LiveRows(rows: 2, isLive: true), LiveRows(rows: 3, isLive: false)])
    guard input.count > 4, input[1] == 1, stream.count < 1 << 20 else { return 0 }
    do {
        var encoder = try PieceEncoder(columns: Int(input[2]) | Int(input[3]) << 8, format: .binary)
        var content = ReusableBuffer(capacity: 1_024)
        for row in rows(of: stream) { try encoder.encode(row.span.bytes, into: &content) }
        _ = try encoder.finish(ranges: [], into: &content)
        let again = decode(content.array, live: nil)
        guard again == stream else { fatalError("rows came back changed") }
    } catch { fatalError("rows that were decoded cannot be encoded: \(error)") }
    return 0
}

private func decode(_ input: [UInt8], live: [LiveRows]?) -> [UInt8]? {
    do {
        var decoder = try PieceDecoder(name: "piece")
        var source = MemorySource(input)
        var output = ReusableBuffer(capacity: 1_024)
        decoder.begin(length: input.count, live: live)
        var isWhole = true
        while try decoder.decode(from: &source, into: &output) {
            guard output.count > 1 << 24 else { continue }
            // A small piece can hold many rows; what counts is that they come in bounded steps.
            isWhole = false
            output.removeAll()
        }
        return isWhole ? output.array : nil
    } catch let error as any ExplainedError {
        guard error.failureClass == .corrupt || error.failureClass == .unsupportedVersion else {
            fatalError("an error of another class: \(error)")
        }
        return nil
    } catch { fatalError("an unknown error: \(error)") }
}

/// The messages of a stream: rows where they can be told apart, else the rest.
private func rows(of stream: [UInt8]) -> [[UInt8]] {
    var rows: [[UInt8]] = []
    var place = 19
    let end = stream.count - 2
    while place < end {
        var next = place + 2
        let columns = place + 2 <= end ? Int(stream[place]) << 8 | Int(stream[place + 1]) : 0
        for _ in 0..<columns where next + 4 <= end {
            let length = stream[next..<next + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            next += 4
            if length < UInt32(end) { next = min(end, next + Int(length)) }
        }
        next = min(next, end)
        rows.append(Array(stream[place..<next]))
        place = next
    }
    return rows
}
