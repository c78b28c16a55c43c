import ArchiveRepository
import Diagnostics
import Foundation
import SealedStreams

/// A repository in a folder of its own, with one committed run.
final class Fixture: Sendable {
    let path: String
    let identity: AgeIdentity
    let keys: KeyGeneration
    let repository: Repository
    let id: BackupID
    let piece: StoredPiece
    static let rows = (0..<50_000).flatMap { Array("row \($0)\n".utf8) }

    var key: WriterKey { keys.writerKey }
    var chunk: StoredObject { piece.object }

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("wheels-fixture-\(UUID().uuidString)").path
        identity = try AgeIdentity()
        keys = try KeyGeneration()
        repository = try Repository.create(
            in: LocalBlobStore(path: path), holders: [.recipient(identity.recipient)], generation: keys)
        let run = try repository.writer(key: keys.writerKey).beginRun()
        piece = try run.putRows(Self.rows)
        try run.commit(manifest: Array("manifest".utf8))
        id = run.id
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    var reader: ReaderAccess { get throws { try Repository.at(path).reader(.identities([identity])) } }
    var writer: WriterAccess { get throws { try Repository.at(path).writer(key: key) } }

    func readRows(_ other: StoredPiece? = nil) throws -> [UInt8] {
        var reader = try reader.open(other ?? piece)
        return try reader.readAll()
    }

    func change(_ name: String, _ body: (inout Data) -> Void) throws {
        var data = try Data(contentsOf: URL(fileURLWithPath: file(name)))
        body(&data)
        try FileManager.default.removeItem(atPath: file(name))
        try data.write(to: URL(fileURLWithPath: file(name)))
    }
}

/// The class of the error that a body throws; `nil` when it throws none.
func failureClass(_ body: () throws -> Void) -> FailureClass? {
    do {
        try body()
        return nil
    } catch { return (error as? any ExplainedError)?.failureClass ?? .failure }
}

extension Repository {
    /// The repository in a folder.
    static func at(_ path: String) throws -> Repository { try open(in: LocalBlobStore(path: path)) }

    /// A new repository in a folder, for the holder of one identity.
    static func make(at path: String, for holders: KeyHolder...) throws -> (Repository, KeyGeneration) {
        let keys = try KeyGeneration()
        let holders = try holders.isEmpty ? [KeyHolder.recipient(AgeIdentity().recipient)] : holders
        return (try create(in: LocalBlobStore(path: path), holders: holders, generation: keys), keys)
    }
}

extension RunWriter {
    /// Stores rows of COPY's text format, each ended by a newline, as one piece in an object of its own.
    func putRows(_ text: [UInt8]) throws -> StoredPiece {
        var writer = try rowsWriter()
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        writer.begin(columns: 1, format: .text, ranges: PlannedRanges(rows: [lines.count], digests: .given([0])))
        for line in lines {
            let row = Array(line) + [UInt8(ascii: "\n")]
            try unsafe writer.write(row.span.bytes)
        }
        guard try writer.end() else { throw RepositoryError(code: "test", summary: "Rows are missing") }
        let pieces = try writer.flush().flatMap(\.pieces)
        guard let piece = pieces.first, pieces.count == 1 else {
            throw RepositoryError(code: "test", summary: "These rows are no single piece")
        }
        return piece
    }
}

/// One row of random bytes that no compression makes smaller.
func randomRow(bytes: Int, _ seed: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    let digits = Array("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-".utf8)
    return (0..<bytes).map { _ in digits[Int(generator.next() & 63)] } + Array(" \(seed)\n".utf8)
}
