import ArchiveRepository
import Diagnostics
import Foundation
import SealedStreams
import Testing

/// The error of a body, as the user would be told it.
private func explained(_ body: () throws -> Void) throws -> any ExplainedError {
    try #require(#expect(throws: (any Error).self) { try body() } as? any ExplainedError)
}

@Suite("A damaged repository")
struct RepositoryDamageTests {
    private static let config = "wheels-db-repository.json"

    @Test(arguments: [0, 1, 10, -3])
    func `a description cut short is damage, and names the file`(length: Int) throws {
        let fixture = try Fixture()
        try fixture.change(Self.config) { $0 = $0.prefix(length >= 0 ? length : $0.count + length) }
        let error = try explained { _ = try Repository.at(fixture.path) }
        #expect(error.failureClass == .corrupt && error.summary.contains(fixture.file(Self.config)))
    }

    @Test(arguments: [
        "[]", "null", "{}", #"{"format": "0"}"#, #"{"format": -1, "id": "", "created": ""}"#,
        #"{"format": 1, "id": 5, "created": "", "about": ""}"#, "\u{0}\u{1}",
    ])
    func `a description that is none is damage`(text: String) throws {
        let fixture = try Fixture()
        try fixture.change(Self.config) { $0 = Data(text.utf8) }
        #expect(failureClass { _ = try Repository.at(fixture.path) } == .corrupt)
    }

    @Test(arguments: [#"{"format": 2}"#, #"{"format": 99, "new": true}"#])
    func `a newer description is a matter of version, whatever else it says`(text: String) throws {
        let fixture = try Fixture()
        try fixture.change(Self.config) { $0 = Data(text.utf8) }
        let error = try explained { _ = try Repository.at(fixture.path) }
        #expect(error.failureClass == .unsupportedVersion && error.summary.contains(fixture.path))
        #expect(error.remedy?.sentence == "Use a newer wheels-db.")
    }

    @Test func `the provisional format is refused, with what to do`() throws {
        let fixture = try Fixture()
        try fixture.change(Self.config) {
            $0 = Data(#"{"format": 0, "id": "x", "created": "", "recipients": []}"#.utf8)
        }
        let error = try explained { _ = try Repository.at(fixture.path) }
        #expect(error.failureClass == .unsupportedVersion && error.remedy != nil)
    }

    @Test func `a repository without keys is damaged, a lost writer key is a wrong one`() throws {
        let fixture = try Fixture()
        try FileManager.default.removeItem(atPath: fixture.file("keys"))
        #expect(failureClass { _ = try fixture.reader } == .corrupt)
        #expect(failureClass { _ = try fixture.writer } == .wrongKey)
    }

    @Test func `a key file that is cut, empty or of something else is damage that names it`() throws {
        for content in [Data(), Data("age-encryption.org/v1\n".utf8), Data("secret".utf8)] {
            let fixture = try Fixture()
            let name = "keys/\(try fixture.key.fingerprint)/\(fixture.identity.recipient).age"
            try fixture.change(name) { $0 = content }
            let error = try explained { _ = try fixture.reader }
            #expect(error.failureClass == .corrupt && error.summary.contains(name) && error.remedy != nil)
        }
    }

    @Test func `a lost or foreign data key is damage that names the backup's key`() throws {
        let fixture = try Fixture()
        let name = "runs/\(fixture.id).age"
        let good = try Data(contentsOf: URL(fileURLWithPath: fixture.file(name)))
        try FileManager.default.removeItem(atPath: fixture.file(name))
        let lost = try explained { _ = try fixture.readRows() }
        #expect(lost.failureClass == .corrupt && lost.summary.contains(name))
        // Sealed for the right identity, with something else in it.
        let other = try AgeFile.seal(Array("no key".utf8), for: [fixture.key.recipient])
        try Data(other).write(to: URL(fileURLWithPath: fixture.file(name)))
        #expect(try explained { _ = try fixture.readRows() }.failureClass == .corrupt)
        // The data key of another run, sealed for the right identity.
        let run = try fixture.writer.beginRun()
        _ = try run.putRows(Array("of another run\n".utf8))
        let foreign = try Data(contentsOf: URL(fileURLWithPath: fixture.file("runs/\(run.id).age")))
        try fixture.change(name) { $0 = foreign }
        #expect(try explained { _ = try fixture.readRows() }.failureClass == .corrupt)
        try fixture.change(name) { $0 = good }
        #expect(try fixture.readRows() == Fixture.rows)
    }

    @Test func `a manifest that is cut, changed, missing or another's is damage that names it`() throws {
        let fixture = try Fixture()
        let name = "manifests/\(fixture.id)"
        let good = try Data(contentsOf: URL(fileURLWithPath: fixture.file(name)))
        let chunk = try Data(contentsOf: URL(fileURLWithPath: fixture.file(fixture.chunk.name.description)))
        let run = try fixture.writer.beginRun()
        try run.commit(manifest: Array("manifest".utf8))
        let other = try Data(contentsOf: URL(fileURLWithPath: fixture.file("manifests/\(run.id)")))
        let reader = try fixture.reader
        let writer = try fixture.writer
        for content in [Data(), good.prefix(20), good.dropLast(), good + [0], other, chunk] {
            try fixture.change(name) { $0 = content }
            for read in [{ try reader.manifest(fixture.id) }, { try writer.manifest(fixture.id) }] {
                let error = try explained { _ = try read() }
                #expect(error.failureClass == .corrupt && error.summary.contains(name))
            }
        }
        try FileManager.default.removeItem(atPath: fixture.file(name))
        #expect(try explained { _ = try reader.manifest(fixture.id) }.failureClass == .corrupt)
        #expect(try fixture.repository.backups() == [run.id])
        #expect(try reader.manifest(run.id) == Array("manifest".utf8))
    }

    @Test func `a manifest of another writer key is a wrong key for this one, and opens with the identity`() throws {
        let fixture = try Fixture()
        let other = try fixture.repository.newGeneration(passphrase: nil).generation
        let run = try fixture.repository.writer(key: other.writerKey).beginRun()
        try run.commit(manifest: [5])
        let mine = try fixture.writer
        #expect(try explained { _ = try mine.manifest(run.id) }.failureClass == .wrongKey)
        #expect(try fixture.reader.manifest(run.id) == [5])
    }

    @Test func `a chunk that is missing, cut or another of the same run is named`() throws {
        let fixture = try Fixture()
        let run = try fixture.writer.beginRun()
        let pieces = try (0..<2).map { try run.putRows(Array("row \($0) of a chunk\n".utf8)) }
        try run.commit(manifest: [1])
        let chunks = pieces.map(\.object)
        func read(_ piece: StoredPiece) throws { _ = try fixture.readRows(piece) }
        let names = chunks.map(\.name.description)
        let second = try Data(contentsOf: URL(fileURLWithPath: fixture.file(names[1])))
        try fixture.change(names[0]) { $0 = second }
        #expect(try explained { try read(pieces[0]) }.summary.contains(names[0]))
        try fixture.change(names[1]) { $0.removeLast() }
        let cut = try explained { try read(pieces[1]) }
        #expect(cut.failureClass == .corrupt && cut.summary.contains(names[1]))
        try FileManager.default.removeItem(atPath: fixture.file(names[1]))
        let missing = try explained { try read(pieces[1]) }
        #expect(missing.failureClass == .corrupt && missing.summary.contains(names[1]))
    }

    @Test func `an object that is not the one a manifest means is damage`() throws {
        let fixture = try Fixture()
        let good = fixture.piece
        let zeros = try #require(Digest(hex: String(repeating: "00", count: 32)))
        let object = StoredObject(
            name: good.object.name, storedBytes: good.object.storedBytes, contentBytes: good.object.contentBytes,
            code: zeros, run: good.object.run)
        func piece(_ object: StoredObject, rows: Int, rawBytes: Int) -> StoredPiece {
            StoredPiece(object: object, offset: good.offset, length: good.length, rows: rows, rawBytes: rawBytes)
        }
        for wrong in [
            piece(object, rows: good.rows, rawBytes: good.rawBytes),
            piece(good.object, rows: good.rows + 1, rawBytes: good.rawBytes),
            piece(good.object, rows: good.rows, rawBytes: good.rawBytes + 1),
        ] {
            let error = try explained { _ = try fixture.readRows(wrong) }
            #expect(error.failureClass == .corrupt && error.summary.contains(good.object.name.description))
        }
    }
}

@Suite("Access to a repository")
struct RepositoryAccessTests {
    @Test func `a new repository holds no backup`() throws {
        let folder = ScratchFolder()
        let (repository, _) = try Repository.make(at: folder.path + "/new")
        #expect(try repository.backups().isEmpty)
        #expect(try Repository.at(folder.path + "/new").config == repository.config)
    }

    @Test func `each of two recipients reads alone, and a third does not`() throws {
        let folder = ScratchFolder()
        let identities = [try AgeIdentity(), try AgeIdentity()]
        let keys = try KeyGeneration()
        let repository = try Repository.create(
            in: LocalBlobStore(path: folder.path), holders: identities.map { .recipient($0.recipient) },
            generation: keys)
        let run = try repository.writer(key: keys.writerKey).beginRun()
        let schema = try run.putSchema(Array("create table".utf8))
        try run.commit(manifest: [1])
        for identity in identities {
            let reader = try repository.reader(.identities([AgeIdentity(), identity]))
            #expect(try reader.manifest(run.id) == [1])
            #expect(try reader.schema(schema) == Array("create table".utf8))
        }
        #expect(failureClass { _ = try repository.reader(.identities([AgeIdentity()])) } == .wrongKey)
        #expect(failureClass { _ = try repository.reader(.identities([])) } == .wrongKey)
        #expect(failureClass { _ = try repository.reader(.passphrase(Passphrase("x"))) } == .wrongKey)
    }

    @Test func `no secret and no row stands in any file in the clear`() throws {
        let fixture = try Fixture()
        let secrets = [
            try fixture.key.secretText.split(separator: ":").map(String.init)[1], fixture.identity.secretText,
            "row 1234",
            "manifest\"",
        ]
        for name in try FileManager.default.subpathsOfDirectory(atPath: fixture.path) {
            guard let data = FileManager.default.contents(atPath: fixture.file(name)) else { continue }
            let text = String(decoding: data, as: UTF8.self)
            for secret in secrets { #expect(!text.contains(secret), "\(name)") }
        }
    }

    @Test func `secret files that are missing, unreadable or of something else are named, their content is not`() throws
    {
        let folder = ScratchFolder()
        let missing = try explained { _ = try SecretFile.read(folder.path + "/none") }
        #expect(missing.failureClass == .notFound && missing.summary.contains(folder.path + "/none"))
        let noText = folder.path + "/binary"
        try Data([0xff, 0xfe, 0x80]).write(to: URL(fileURLWithPath: noText))
        let binary = try explained { _ = try SecretFile.read(noText) }
        #expect(binary.failureClass == .wrongKey && binary.summary.contains(noText))
        #expect(failureClass { _ = try SecretFile.read(folder.path) } == .permission)
        #expect(failureClass { try SecretFile.write("x", to: folder.path + "/no/folder") } != nil)
        for text in ["", "hunter2", "WHEELS-WRITER-KEY-1:hunter2:00", "AGE-SECRET-KEY-1HUNTER2"] {
            let error = try explained { _ = try WriterKey(text: text) }
            #expect(error.failureClass == .wrongKey)
            #expect(!error.summary.lowercased().contains("hunter2"))
        }
    }

    @Test func `a link to nowhere does not take a secret file's place`() throws {
        let folder = ScratchFolder()
        let path = folder.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: folder.path + "/elsewhere")
        #expect(failureClass { try SecretFile.write("x", to: path) } == .refused)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/elsewhere"))
    }

    @Test func `names of backups and objects of one second do not meet`() throws {
        let fixture = try Fixture()
        let writer = try fixture.writer
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        let runs = try (0..<20).map { _ in try writer.beginRun(now: now).id }
        #expect(Set(runs).count == 20)
        #expect(runs.allSatisfy { $0.description.hasPrefix("20270115T080000Z-") })
    }
}
