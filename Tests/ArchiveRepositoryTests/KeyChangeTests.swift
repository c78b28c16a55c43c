import ArchiveRepository
import Diagnostics
import Foundation
import SealedStreams
import Testing

@Suite("Changes of keys")
struct KeyChangeTests {
    private func rows(_ text: String) -> [UInt8] { Array("\(text)\n".utf8) }

    @Test func `an added holder opens what was backed up before and after`() throws {
        let fixture = try Fixture()
        let colleague = try AgeIdentity()
        #expect(failureClass { _ = try fixture.repository.reader(.identities([colleague])) } == .wrongKey)
        #expect(try KeyChanges(fixture.reader).add(.recipient(colleague.recipient)) == 1)
        let run = try fixture.writer.beginRun()
        let later = try run.putRows(rows("later"))
        try run.commit(manifest: [1])
        let reader = try fixture.repository.reader(.identities([colleague]))
        var before = try reader.open(fixture.piece)
        #expect(try before.readAll() == Fixture.rows)
        var after = try reader.open(later)
        #expect(try after.readAll() == rows("later"))
        // Adding again changes nothing.
        #expect(try KeyChanges(fixture.reader).add(.recipient(colleague.recipient)) == 0)
        #expect(try fixture.repository.holderNames().count == 2)
    }

    @Test func `a passphrase can be added to an identity`() throws {
        let fixture = try Fixture()
        _ = try KeyChanges(fixture.reader).add(.passphrase(Passphrase("six random words")))
        var piece = try fixture.repository.reader(.passphrase(Passphrase("six random words"))).open(fixture.piece)
        #expect(try piece.readAll() == Fixture.rows)
        #expect(try fixture.repository.holderNames() == [fixture.identity.recipient.description, "passphrase"])
    }

    @Test func `after a rotation the old writer key is refused, the new one writes, and both are read`() throws {
        let fixture = try Fixture()
        var kept: WriterKey?
        let keys = try KeyChanges(fixture.reader).rotate(for: [.recipient(fixture.identity.recipient)]) {
            kept = $0.writerKey
        }
        #expect(try kept?.fingerprint == keys.name)
        #expect(failureClass { _ = try fixture.writer.beginRun() } == .wrongKey)
        let run = try fixture.repository.writer(key: keys.writerKey).beginRun()
        let piece = try run.putRows(rows("new"))
        try run.commit(manifest: [2])
        #expect(try fixture.readRows(piece) == rows("new"))
        #expect(try fixture.readRows() == Fixture.rows)
        #expect(try fixture.repository.keyRing.entries().filter(\.isRetired).count == 1)
        // The writer of the new keys cannot open what the old ones sealed, and says whose it is.
        #expect(
            failureClass { _ = try fixture.repository.writer(key: keys.writerKey).manifest(fixture.id) } == .wrongKey)
    }

    @Test func `a rotation whose new key could not be kept changes nothing`() throws {
        struct Full: Error {}
        let fixture = try Fixture()
        let before = try fixture.repository.store.list("")
        #expect(throws: Full.self) {
            try KeyChanges(fixture.reader).rotate(for: [.recipient(fixture.identity.recipient)]) { _ in throw Full() }
        }
        #expect(try fixture.repository.store.list("") == before)
        #expect(failureClass { _ = try fixture.writer.beginRun() } == nil)
    }

    @Test func `a removed holder opens nothing that is made from then on, and nothing that is still there`() throws {
        let fixture = try Fixture()
        let leaver = try AgeIdentity()
        _ = try KeyChanges(fixture.reader).add(.recipient(leaver.recipient))
        // They keep a copy of everything that was there.
        let copied = try AgeFile.open(
            Array(
                Data(
                    contentsOf: URL(
                        fileURLWithPath: fixture.file("keys/\(try fixture.key.fingerprint)/\(leaver.recipient).age")))),
            with: [leaver], name: "copy")
        let old = try AgeIdentity.identities(inFile: String(decoding: copied, as: UTF8.self), name: "copy")
        let keys = try KeyChanges(fixture.reader).rotate(for: [.recipient(fixture.identity.recipient)]) { _ in }
        #expect(try KeyChanges(fixture.reader).remove(leaver.recipient.description) == 1)
        #expect(failureClass { _ = try fixture.repository.reader(.identities([leaver])) } == .wrongKey)
        let run = try fixture.repository.writer(key: keys.writerKey).beginRun()
        let piece = try run.putRows(rows("secret"))
        try run.commit(manifest: [3])
        #expect(try fixture.readRows(piece) == rows("secret"))
        let file = try Data(contentsOf: URL(fileURLWithPath: fixture.file("runs/\(run.id).age")))
        #expect(failureClass { _ = try AgeFile.open(Array(file), with: old + [leaver], name: "run") } == .wrongKey)
    }

    @Test func `a second passphrase is refused instead of being ignored`() throws {
        let fixture = try Fixture()
        _ = try KeyChanges(fixture.reader).add(.passphrase(Passphrase("first words")))
        #expect(
            failureClass { _ = try KeyChanges(fixture.reader).add(.passphrase(Passphrase("other words"))) } == .refused)
        #expect(failureClass { _ = try fixture.repository.reader(.passphrase(Passphrase("first words"))) } == nil)
    }

    @Test func `a file that somebody else put beside the holders is not carried into new keys`() throws {
        let fixture = try Fixture()
        let thief = try AgeIdentity()
        let folder = "keys/\(try fixture.key.fingerprint)"
        try Data([7]).write(to: URL(fileURLWithPath: fixture.file("\(folder)/\(thief.recipient).age")))
        // A mark of another holder, put beside it, does not help.
        let mark = try Data(
            contentsOf: URL(fileURLWithPath: fixture.file("\(folder)/\(fixture.identity.recipient).mark")))
        try mark.write(to: URL(fileURLWithPath: fixture.file("\(folder)/\(thief.recipient).mark")))
        #expect(try KeyChanges(fixture.reader).holderNames() == [fixture.identity.recipient.description])
    }

    @Test func `a file of no kind among the keys stops nobody, and a planted retirement is none`() throws {
        let fixture = try Fixture()
        let folder = "keys/\(try fixture.key.fingerprint)"
        try Data("age-encryption.org/v9\n".utf8).write(to: URL(fileURLWithPath: fixture.file("\(folder)/age1000.age")))
        try Data([1]).write(to: URL(fileURLWithPath: fixture.file("\(folder)/retired")))
        #expect(try fixture.readRows() == Fixture.rows)
        #expect(failureClass { _ = try fixture.writer.beginRun() } == nil)
    }

    @Test func `new keys for a lost writer key are sealed for whom the configuration trusts`() throws {
        let fixture = try Fixture()
        let thief = try AgeIdentity()
        let planted = "keys/\(try fixture.key.fingerprint)/\(thief.recipient).age"
        try Data([7]).write(to: URL(fileURLWithPath: fixture.file(planted)))
        let own = fixture.identity.recipient.description
        #expect(try fixture.repository.newGeneration(passphrase: nil, trusted: [own]).holders == [own])
        let stranger = try AgeIdentity().recipient.description
        #expect(
            failureClass { _ = try fixture.repository.newGeneration(passphrase: nil, trusted: [stranger]) } == .wrongKey
        )
    }

    @Test func `the last holder is not removed, and an unknown one is not found`() throws {
        let fixture = try Fixture()
        let own = fixture.identity.recipient.description
        #expect(failureClass { _ = try KeyChanges(fixture.reader).remove(own) } == .refused)
        #expect(failureClass { _ = try KeyChanges(fixture.reader).remove("passphrase") } == .notFound)
        #expect(try fixture.readRows() == Fixture.rows)
    }

    @Test func `nothing in the repository decides whom a writer seals for`() throws {
        let fixture = try Fixture()
        let thief = try AgeIdentity()
        // Somebody who can write to the store adds a holder's file of their own making.
        let forged = "keys/\(try fixture.key.fingerprint)/\(thief.recipient).age"
        let sealed = try AgeFile.seal(Array("AGE-SECRET-KEY-1".utf8), for: [thief.recipient])
        try Data(sealed).write(to: URL(fileURLWithPath: fixture.file(forged)))
        let run = try fixture.writer.beginRun()
        _ = try run.putRows(rows("secret"))
        try run.commit(manifest: [4])
        let file = try Data(contentsOf: URL(fileURLWithPath: fixture.file("runs/\(run.id).age")))
        #expect(failureClass { _ = try AgeFile.open(Array(file), with: [thief], name: "run") } != nil)
        #expect(failureClass { _ = try fixture.repository.reader(.identities([thief])) } == .corrupt)
    }

    @Test func `the age program's way to the rows' key needs nothing of ours`() throws {
        let fixture = try Fixture()
        let holder = "keys/\(try fixture.key.fingerprint)/\(fixture.identity.recipient).age"
        let opened = try AgeFile.open(
            Array(Data(contentsOf: URL(fileURLWithPath: fixture.file(holder)))), with: [fixture.identity], name: "keys")
        // The opened file is an identity file, comments and all.
        let archive = try AgeIdentity.identities(inFile: String(decoding: opened, as: UTF8.self), name: "archive")
        let run = try Data(contentsOf: URL(fileURLWithPath: fixture.file("runs/\(fixture.id).age")))
        let key = try AgeFile.open(Array(run), with: archive, name: "run")
        #expect(String(decoding: key, as: UTF8.self).hasPrefix("WHEELS-DATA-KEY-1:"))
    }
}
