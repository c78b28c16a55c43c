import ArchiveRepository
import Diagnostics
import Foundation
import SealedStreams

/// A repository in a folder of its own, with one committed run.
final class Fixture: Sendable {
    let path: String
    let identity: AgeIdentity
    let key: WriterKey
    let repository: Repository
    let id: BackupID
    let chunk: StoredObject
    static let rows = (0..<50_000).flatMap { Array("row \($0)\n".utf8) }

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("wheels-fixture-\(UUID().uuidString)").path
        identity = try AgeIdentity()
        key = try WriterKey()
        repository = try Repository.create(at: path, protection: .recipients([identity.recipient]), writerKey: key)
        let run = try repository.writer(key: key, passphrase: nil).beginRun()
        var writer = try run.chunkWriter()
        try writer.write(Self.rows)
        chunk = try writer.finish()
        try run.commit(manifest: Array("manifest".utf8))
        id = run.id
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func readChunk(_ object: StoredObject? = nil) throws -> [UInt8] {
        var reader = try Repository.open(path).reader(identities: [identity]).openChunk(object ?? chunk, of: id)
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
