import Diagnostics
import Foundation
import SealedStreams
import Testing

@testable import ArchiveRepository

@Suite("The description of a repository")
struct MarkerTests {
    private static let name = "wheels-db-repository.json"

    private func opened(_ fixture: Fixture) throws -> Repository {
        try .openWithoutMarker(in: LocalBlobStore(path: fixture.path))
    }

    @Test func `without it the backups are read, and it is written again`() throws {
        let fixture = try Fixture()
        #expect(try opened(fixture).markerDamage == nil)
        try FileManager.default.removeItem(atPath: fixture.file(Self.name))
        #expect(failureClass { _ = try Repository.at(fixture.path) } == .notFound)
        let repository = try opened(fixture)
        #expect(repository.markerDamage?.finding.remedy?.command == "wheels-db repository repair")
        #expect(repository.markerDamage?.problem.kind == .missing)
        let reader = try repository.reader(.identities([fixture.identity]))
        #expect(try reader.manifest(fixture.id) == Array("manifest".utf8))
        #expect(try repository.repairMarker())
        let repaired = try Repository.at(fixture.path)
        #expect(repaired.config.id == repository.config.id && repaired.markerDamage == nil)
        #expect(try !repaired.repairMarker())
    }

    @Test func `every flipped bit of it is found, and its name is kept`() throws {
        let fixture = try Fixture()
        let whole = try Data(contentsOf: URL(fileURLWithPath: fixture.file(Self.name)))
        let id = fixture.repository.config.id
        let values = String(decoding: whole, as: UTF8.self)
        let check = try #require(fixture.repository.config.check)
        for place in whole.indices {
            var bytes = whole
            bytes[place] ^= 1
            try bytes.write(to: URL(fileURLWithPath: fixture.file(Self.name)))
            let repository = try opened(fixture)
            guard repository.markerDamage == nil else { continue }
            // What is passed over changes nothing: a blank, or the name of the check.
            #expect(repository.config.id == id && repository.config.format == 1, "byte \(place)")
            #expect(repository.config.check == nil || repository.config.check == check)
        }
        #expect(values.contains(check))
        let name = try #require(values.range(of: "wheels-db. "))
        try Data(values.replacingCharacters(in: name, with: "someone's. ").utf8)
            .write(to: URL(fileURLWithPath: fixture.file(Self.name)))
        let changed = try opened(fixture)
        #expect(changed.markerDamage?.problem.kind == .damaged && changed.config.id == id)
        #expect(try changed.repairMarker())
        #expect(try Repository.at(fixture.path).config.id == id)
    }

    @Test func `a folder without keys is no repository, and one with keys is not made anew`() throws {
        let folder = ScratchFolder()
        #expect(
            failureClass { _ = try Repository.openWithoutMarker(in: LocalBlobStore(path: folder.path)) } == .notFound)
        let fixture = try Fixture()
        try FileManager.default.removeItem(atPath: fixture.file(Self.name))
        let error = #expect(throws: RepositoryError.self) { _ = try Repository.make(at: fixture.path) }
        #expect(error?.failureClass == .refused && error?.remedy?.command == "wheels-db repository repair")
    }

    @Test func `a newer format is refused as such, a changed number is damage`() throws {
        let fixture = try Fixture()
        try fixture.change(Self.name) { data in
            data = Data(String(decoding: data, as: UTF8.self).replacing(#""format" : 1"#, with: #""format" : 9"#).utf8)
        }
        #expect(failureClass { _ = try Repository.at(fixture.path) } == .corrupt)
        try fixture.change(Self.name) { $0 = Data(#"{"format": 9, "new": true}"#.utf8) }
        #expect(failureClass { _ = try opened(fixture) } == .unsupportedVersion)
    }
}
