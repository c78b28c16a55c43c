import ArchiveRepository
import Diagnostics
import Foundation
import SealedStreams
import Testing

@Suite("Repository")
struct RepositoryTests {
    @Test func `rows and manifest come back with the identity`() throws {
        let fixture = try Fixture()
        #expect(try fixture.readRows() == Fixture.rows)
        #expect(try fixture.reader.manifest(fixture.id) == Array("manifest".utf8))
        #expect(try fixture.repository.backups() == [fixture.id])
        #expect(fixture.chunk.storedBytes < fixture.piece.rawBytes)
    }

    @Test func `the writer key opens the manifest`() throws {
        let fixture = try Fixture()
        #expect(try fixture.writer.manifest(fixture.id) == Array("manifest".utf8))
    }

    @Test func `another identity is a wrong key, not damage`() throws {
        let fixture = try Fixture()
        let other = try AgeIdentity()
        #expect(failureClass { _ = try fixture.repository.reader(.identities([other])) } == .wrongKey)
    }

    @Test func `a writer key of another repository is a wrong key`() throws {
        let fixture = try Fixture()
        #expect(failureClass { _ = try fixture.repository.writer(key: try KeyGeneration().writerKey) } == .wrongKey)
    }

    @Test func `a run without a writer key makes keys for the same holders, and their identities open both`() throws {
        let fixture = try Fixture()
        let (keys, holders) = try fixture.repository.newGeneration(passphrase: nil)
        #expect(holders == [fixture.identity.recipient.description])
        let run = try fixture.repository.writer(key: keys.writerKey).beginRun()
        let piece = try run.putRows(Array("new\n".utf8))
        try run.commit(manifest: [1, 2, 3])
        let reader = try fixture.reader
        #expect(try reader.manifest(run.id) == [1, 2, 3])
        #expect(try reader.manifest(fixture.id) == Array("manifest".utf8))
        #expect(try fixture.readRows(piece) == Array("new\n".utf8))
        #expect(try fixture.readRows() == Fixture.rows)
    }

    @Test func `a passphrase opens what it protects and no other does; the writer key needs none`() throws {
        let folder = ScratchFolder()
        let right = Passphrase("correct horse")
        let (repository, keys) = try Repository.make(at: folder.path + "/r", for: .passphrase(right))
        let run = try repository.writer(key: keys.writerKey).beginRun()
        try run.commit(manifest: [7])
        #expect(try repository.reader(.passphrase(right)).manifest(run.id) == [7])
        #expect(failureClass { _ = try repository.reader(.passphrase(Passphrase("wrong"))) } == .wrongKey)
        #expect(failureClass { _ = try repository.newGeneration(passphrase: nil) } == .usage)
        #expect(failureClass { _ = try repository.newGeneration(passphrase: Passphrase("wrong")) } == .wrongKey)
        #expect(try repository.keyRing.entries().count == 1)
    }

    @Test func `no repository is not found, and a folder with other files is refused`() throws {
        #expect(failureClass { _ = try Repository.at("/nonexistent/backups") } == .notFound)
        let fixture = try Fixture()
        let again = {
            _ = try Repository.make(at: fixture.path)
        }
        #expect(failureClass(again) == .refused)
    }

    @Test(arguments: [0, 4, 5, 6, 20, 50, 71, 80, 5_000, -33, -1])
    func `a flipped bit in a chunk is found`(place: Int) throws {
        let fixture = try Fixture()
        try fixture.change(fixture.chunk.name.description) { data in
            let index = place >= 0 ? place : data.count + place
            data[index] ^= 1
        }
        let found = failureClass { _ = try fixture.readRows() }
        #expect(found == .corrupt)
    }

    @Test(arguments: [0, 1, 71, 72, 100, -1, -32, -33])
    func `a chunk cut short is found`(length: Int) throws {
        let fixture = try Fixture()
        try fixture.change(fixture.chunk.name.description) { data in
            data = data.prefix(length >= 0 ? length : data.count + length)
        }
        #expect(failureClass { _ = try fixture.readRows() } == .corrupt)
    }

    @Test func `a missing chunk is found`() throws {
        let fixture = try Fixture()
        try FileManager.default.removeItem(atPath: fixture.file(fixture.chunk.name.description))
        #expect(failureClass { _ = try fixture.readRows() } == .corrupt)
    }

    @Test func `a chunk put in the place of another is found`() throws {
        let fixture = try Fixture()
        let other = try fixture.writer.beginRun().putRows(Array("other\n".utf8))
        let bytes = try Data(contentsOf: URL(fileURLWithPath: fixture.file(other.object.name.description)))
        try fixture.change(fixture.chunk.name.description) { $0 = bytes }
        #expect(failureClass { _ = try fixture.readRows() } == .corrupt)
    }

    @Test func `rows that were not flushed are nowhere`() throws {
        let fixture = try Fixture()
        let before = try fixture.repository.store.list("chunks/")
        do {
            var writer = try fixture.writer.beginRun().rowsWriter()
            writer.begin(columns: 1, format: .text, ranges: PlannedRanges(rows: [1], digests: .given([0])))
            let row = Fixture.rows
            try unsafe writer.write(row.span.bytes)
        }
        #expect(try fixture.repository.store.list("chunks/") == before)
    }
}

@Suite("Keys")
struct KeyTests {
    @Test func `a writer key comes back from its text, and a typing error is found`() throws {
        let key = try KeyGeneration().writerKey
        let text = try key.secretText
        let again = try WriterKey(text: text + "\n")
        #expect(try again.fingerprint == key.fingerprint)
        #expect(again.recipient == key.recipient)
        let wrong = text.replacing(#/[0-9a-f]$/#) { $0.output == "0" ? "1" : "0" }
        #expect(throws: (any Error).self) { try WriterKey(text: wrong) }
    }

    @Test func `secret files are private and never overwritten`() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("key-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try SecretFile.write("secret", to: path)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(failureClass { try SecretFile.write("other", to: path) } == .refused)
        #expect(try SecretFile.read(path) == "secret\n")
    }

    @Test func `a backup's name sorts by its time`() throws {
        let early = try BackupID(now: Date(timeIntervalSince1970: 1_000_000_000))
        let late = try BackupID(now: Date(timeIntervalSince1970: 2_000_000_000))
        #expect(early < late)
        #expect(BackupID(early.description) == early)
        #expect(BackupID("../../etc/passwd") == nil)
    }
}
