import Diagnostics
import Foundation
import SealedStreams
import Testing

@testable import ArchiveRepository

@Suite("Damaged files of holders")
struct HolderFileTests {
    private static func changes(_ whole: Data) -> [Data?] {
        var flipped = whole
        flipped[whole.count / 2] ^= 1
        var version = whole
        version[20] ^= 1
        var stanza = whole
        stanza[80] ^= 1
        return [nil, Data(), whole.dropLast(3), flipped, version, stanza, Data("secret".utf8)]
    }

    private func error(_ body: () throws -> Void) throws -> any ExplainedError {
        try #require(#expect(throws: (any Error).self) { try body() } as? any ExplainedError)
    }

    @Test func `the only file of a holder names itself, what is closed and what to do`() throws {
        let fixture = try Fixture()
        let name = "keys/\(try fixture.key.fingerprint)/\(fixture.identity.recipient).age"
        let whole = try Data(contentsOf: URL(fileURLWithPath: fixture.file(name)))
        for change in Self.changes(whole) {
            // Another holder is there: the generation is known either way.
            let other = try AgeIdentity()
            _ = try KeyRing(store: fixture.repository.store).add(fixture.keys, for: .recipient(other.recipient))
            try FileManager.default.removeItem(atPath: fixture.file(name))
            try change?.write(to: URL(fileURLWithPath: fixture.file(name)))
            let found = try error { _ = try fixture.reader }
            #expect(found.failureClass == .corrupt && found.summary.contains(name), "\(found.summary)")
            #expect(found.remedy?.command?.contains("keys add \(fixture.identity.recipient)") == true)
            // Another identity, whose file is good, opens; one that is no holder has the wrong key.
            _ = try Repository.at(fixture.path).reader(.identities([other]))
            #expect(
                failureClass { _ = try Repository.at(fixture.path).reader(.identities([AgeIdentity()])) } == .wrongKey)
            try whole.write(to: URL(fileURLWithPath: fixture.file(name)))
        }
    }

    @Test func `among two generations the damage of one closes its backups alone`() throws {
        let fixture = try Fixture()
        let second = try fixture.repository.newGeneration(passphrase: nil).generation
        let run = try fixture.repository.writer(key: second.writerKey).beginRun()
        try run.commit(manifest: [5])
        let name = "keys/\(try second.name)/\(fixture.identity.recipient).age"
        let whole = try Data(contentsOf: URL(fileURLWithPath: fixture.file(name)))
        for change in Self.changes(whole) {
            try FileManager.default.removeItem(atPath: fixture.file(name))
            try change?.write(to: URL(fileURLWithPath: fixture.file(name)))
            let reader = try fixture.reader
            #expect(try reader.manifest(fixture.id) == Array("manifest".utf8))
            let found = try error { _ = try reader.manifest(run.id) }
            #expect(found.failureClass == .corrupt && found.summary.contains(name), "\(found.summary)")
            try? FileManager.default.removeItem(atPath: fixture.file(name))
            try whole.write(to: URL(fileURLWithPath: fixture.file(name)))
        }
        #expect(try fixture.reader.manifest(run.id) == [5])
    }

    @Test func `the writer key finds its holders' files changed or gone`() throws {
        let fixture = try Fixture()
        #expect(try fixture.writer.holderFindings().isEmpty)
        let name = "keys/\(try fixture.key.fingerprint)/\(fixture.identity.recipient).age"
        try fixture.change(name) { $0[100] ^= 1 }
        #expect(try fixture.writer.holderFindings().map(\.subject) == [name])
        try FileManager.default.removeItem(atPath: fixture.file(name))
        #expect(failureClass { _ = try fixture.writer } == .corrupt)
    }

    @Test func `a wrong passphrase stays a wrong key`() throws {
        let folder = ScratchFolder()
        let keys = try KeyGeneration()
        let repository = try Repository.create(
            in: LocalBlobStore(path: folder.path), holders: [.passphrase(Passphrase("right"))], generation: keys)
        #expect(failureClass { _ = try repository.reader(.passphrase(Passphrase("wrong"))) } == .wrongKey)
        let file = folder.path + "/keys/\(try keys.name)/passphrase.age"
        try Data("cut".utf8).write(to: URL(fileURLWithPath: file))
        #expect(failureClass { _ = try repository.reader(.passphrase(Passphrase("right"))) } == .corrupt)
    }
}
