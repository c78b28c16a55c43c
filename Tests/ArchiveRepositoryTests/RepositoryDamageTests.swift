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
        let error = try explained { _ = try Repository.open(fixture.path) }
        #expect(error.failureClass == .corrupt && error.summary.contains(fixture.file(Self.config)))
    }

    @Test(arguments: [
        "[]", "null", "{}", #"{"format": "0"}"#, #"{"format": -1, "id": "", "created": ""}"#,
        #"{"format": 0, "id": 5, "created": "", "recipients": []}"#, "\u{0}\u{1}",
    ])
    func `a description that is none is damage`(text: String) throws {
        let fixture = try Fixture()
        try fixture.change(Self.config) { $0 = Data(text.utf8) }
        #expect(failureClass { _ = try Repository.open(fixture.path) } == .corrupt)
    }

    @Test(arguments: [#"{"format": 1}"#, #"{"format": 99, "new": true}"#])
    func `a newer description is a matter of version, whatever else it says`(text: String) throws {
        let fixture = try Fixture()
        try fixture.change(Self.config) { $0 = Data(text.utf8) }
        let error = try explained { _ = try Repository.open(fixture.path) }
        #expect(error.failureClass == .unsupportedVersion && error.summary.contains(fixture.path))
        #expect(error.remedy?.sentence == "Use a newer wheels-db.")
    }

    @Test func `a recipient that was mistyped in the description is found before anything is sealed`() throws {
        let fixture = try Fixture()
        try fixture.change(Self.config) { data in
            let text = String(decoding: data, as: UTF8.self)
            data = Data(text.replacing(#/age1./#) { $0.output + "x" }.utf8)
        }
        #expect(failureClass { _ = try Repository.open(fixture.path).writer(key: fixture.key, passphrase: nil) } != nil)
    }

    @Test func `a repository without keys is damaged, a lost writer key is a wrong one`() throws {
        let fixture = try Fixture()
        for name in try FileManager.default.contentsOfDirectory(atPath: fixture.file("keys")) {
            try FileManager.default.removeItem(atPath: fixture.file("keys/\(name)"))
        }
        #expect(failureClass { _ = try fixture.repository.reader(identities: [fixture.identity]) } == .corrupt)
        #expect(failureClass { _ = try fixture.repository.writer(key: fixture.key, passphrase: nil) } == .wrongKey)
    }

    @Test func `a key file that is cut, empty or of something else is damage that names it`() throws {
        for content in [Data(), Data("age-encryption.org/v1\n".utf8), Data("secret".utf8)] {
            let fixture = try Fixture()
            let name = "keys/writer-\(try fixture.key.fingerprint).age"
            try fixture.change(name) { $0 = content }
            let error = try explained { _ = try fixture.repository.reader(identities: [fixture.identity]) }
            #expect(error.failureClass == .corrupt && error.summary.contains(name))
        }
    }

    @Test func `a lost or foreign data key is damage that names the backup's key`() throws {
        let fixture = try Fixture()
        let name = "keys/\(fixture.id).age"
        let good = try Data(contentsOf: URL(fileURLWithPath: fixture.file(name)))
        try FileManager.default.removeItem(atPath: fixture.file(name))
        let lost = try explained { _ = try fixture.readChunk() }
        #expect(lost.failureClass == .corrupt && lost.summary.contains(name))
        // Sealed for the right identity, with something else in it.
        let other = try AgeFile.seal(Array("no key".utf8), for: [fixture.identity.recipient])
        try Data(other).write(to: URL(fileURLWithPath: fixture.file(name)))
        #expect(try explained { _ = try fixture.readChunk() }.failureClass == .corrupt)
        // The data key of another run, sealed for the right identity.
        let run = try fixture.repository.writer(key: fixture.key, passphrase: nil).beginRun()
        let foreign = try Data(contentsOf: URL(fileURLWithPath: fixture.file("keys/\(run.id).age")))
        try fixture.change(name) { $0 = foreign }
        #expect(try explained { _ = try fixture.readChunk() }.failureClass == .corrupt)
        try fixture.change(name) { $0 = good }
        #expect(try fixture.readChunk() == Fixture.rows)
    }

    @Test func `a manifest that is cut, changed, missing or another's is damage that names it`() throws {
        let fixture = try Fixture()
        let name = "manifests/\(fixture.id)"
        let good = try Data(contentsOf: URL(fileURLWithPath: fixture.file(name)))
        let chunk = try Data(contentsOf: URL(fileURLWithPath: fixture.file(fixture.chunk.name.description)))
        let run = try fixture.repository.writer(key: fixture.key, passphrase: nil).beginRun()
        try run.commit(manifest: Array("manifest".utf8))
        let other = try Data(contentsOf: URL(fileURLWithPath: fixture.file("manifests/\(run.id)")))
        let reader = try fixture.repository.reader(identities: [fixture.identity])
        let writer = try fixture.repository.writer(key: fixture.key, passphrase: nil)
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
        let other = try fixture.repository.writer(key: nil, passphrase: nil)
        let run = try other.beginRun()
        try run.commit(manifest: [5])
        let mine = try fixture.repository.writer(key: fixture.key, passphrase: nil)
        #expect(try explained { _ = try mine.manifest(run.id) }.failureClass == .wrongKey)
        #expect(try fixture.repository.reader(identities: [fixture.identity]).manifest(run.id) == [5])
    }

    @Test func `a chunk that is missing, cut or another of the same run is named`() throws {
        let fixture = try Fixture()
        let run = try fixture.repository.writer(key: fixture.key, passphrase: nil).beginRun()
        var chunks: [StoredObject] = []
        for number in 0..<2 {
            var writer = try run.chunkWriter()
            try writer.write([UInt8](repeating: UInt8(number), count: 1_000))
            chunks.append(try writer.finish())
        }
        try run.commit(manifest: [1])
        let reader = try fixture.repository.reader(identities: [fixture.identity])
        func read(_ object: StoredObject) throws -> [UInt8] {
            var chunk = try reader.openChunk(object, of: run.id)
            return try chunk.readAll()
        }
        let names = chunks.map(\.name.description)
        let second = try Data(contentsOf: URL(fileURLWithPath: fixture.file(names[1])))
        try fixture.change(names[0]) { $0 = second }
        #expect(try explained { _ = try read(chunks[0]) }.summary.contains(names[0]))
        try fixture.change(names[1]) { $0.removeLast() }
        let cut = try explained { _ = try read(chunks[1]) }
        #expect(cut.failureClass == .corrupt && cut.summary.contains(names[1]))
        try FileManager.default.removeItem(atPath: fixture.file(names[1]))
        let missing = try explained { _ = try read(chunks[1]) }
        #expect(missing.failureClass == .corrupt && missing.summary.contains(names[1]))
    }

    @Test func `an object that is not the one a manifest means is damage`() throws {
        let fixture = try Fixture()
        let good = fixture.chunk
        let zeros = try #require(Digest(hex: String(repeating: "00", count: 32)))
        for wrong in [
            StoredObject(name: good.name, storedBytes: good.storedBytes, rawBytes: good.rawBytes + 1, code: good.code),
            StoredObject(name: good.name, storedBytes: good.storedBytes, rawBytes: good.rawBytes, code: zeros),
        ] {
            let error = try explained { _ = try fixture.readChunk(wrong) }
            #expect(error.failureClass == .corrupt && error.summary.contains(good.name.description))
        }
    }
}

@Suite("Access to a repository")
struct RepositoryAccessTests {
    @Test func `a new repository holds no backup`() throws {
        let folder = ScratchFolder()
        let repository = try Repository.create(
            at: folder.path + "/new", protection: .recipients([AgeIdentity().recipient]), writerKey: WriterKey())
        #expect(try repository.backups().isEmpty)
        #expect(try Repository.open(folder.path + "/new").config == repository.config)
    }

    @Test func `each of two recipients reads alone, and a third does not`() throws {
        let folder = ScratchFolder()
        let identities = [try AgeIdentity(), try AgeIdentity()]
        let key = try WriterKey()
        let repository = try Repository.create(
            at: folder.path, protection: .recipients(identities.map(\.recipient)), writerKey: key)
        let run = try repository.writer(key: key, passphrase: nil).beginRun()
        let schema = try run.putSchema(Array("create table".utf8))
        try run.commit(manifest: [1])
        for identity in identities {
            let reader = try repository.reader(identities: [AgeIdentity(), identity])
            #expect(try reader.manifest(run.id) == [1])
            #expect(try reader.schema(schema, of: run.id) == Array("create table".utf8))
        }
        #expect(failureClass { _ = try repository.reader(identities: [AgeIdentity()]) } == .wrongKey)
        #expect(failureClass { _ = try repository.reader(identities: []) } == .wrongKey)
        #expect(failureClass { _ = try repository.reader(passphrase: Passphrase("x")) } == .wrongKey)
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
        #expect(binary.failureClass == .permission && binary.summary.contains(noText))
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
        let writer = try fixture.repository.writer(key: fixture.key, passphrase: nil)
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        let runs = try (0..<20).map { _ in try writer.beginRun(now: now).id }
        #expect(Set(runs).count == 20)
        #expect(runs.allSatisfy { $0.description.hasPrefix("20270115T080000Z-") })
    }
}
