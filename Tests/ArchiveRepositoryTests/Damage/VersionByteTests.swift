import Diagnostics
import Foundation
import Testing

@testable import ArchiveRepository
@testable import SealedStreams

@Suite("The version and the codec of an object")
struct VersionByteTests {
    /// The object with some of its header changed and, where it is signed again, the code of a program that wrote it so.
    private func change(
        _ fixture: Fixture,
        _ name: String,
        place: Int,
        to byte: UInt8,
        isGenuine: Bool
    ) throws {
        try fixture.change(name) { data in
            data[place] = byte
            guard isGenuine else { return }
            guard var code = try? SealedObjectHeader.startCode(name: name, key: fixture.key.codeKey) else { return }
            try? code.update(Array(data.dropLast(Digest.byteCount)))
            guard let digest = try? code.finish() else { return }
            data.replaceSubrange((data.count - Digest.byteCount)..., with: digest.bytes)
        }
    }

    @Test(arguments: [UInt8(0), 2, 3, 0x81, 255])
    func `another version is damage where the code does not hold, and a newer program where it does`(
        version: UInt8
    ) throws {
        for isGenuine in [false, true] {
            let fixture = try Fixture()
            let chunk = fixture.chunk.name
            let manifest = try Layout.manifest(fixture.id)
            for name in [chunk, manifest] {
                try change(fixture, name.description, place: 4, to: version, isGenuine: isGenuine)
            }
            let expected: FailureClass = isGenuine ? .unsupportedVersion : .corrupt
            #expect(failureClass { _ = try fixture.readRows() } == expected)
            for access in [try fixture.reader, try fixture.writer] as [any DocumentAccess] {
                #expect(failureClass { _ = try access.manifest(fixture.id) } == expected)
                #expect(failureClass { _ = try access.check(chunk) } == expected)
                #expect(failureClass { _ = try access.check(manifest) } == expected)
            }
        }
    }

    @Test func `another codec is damage, unless the object was written so`() throws {
        let fixture = try Fixture()
        for name in [fixture.chunk.name, try Layout.manifest(fixture.id)] {
            try change(fixture, name.description, place: 6, to: 7, isGenuine: false)
        }
        #expect(failureClass { _ = try fixture.readRows() } == .corrupt)
        #expect(failureClass { _ = try fixture.reader.manifest(fixture.id) } == .corrupt)

        let name: BlobName = "marks/deleted/20260101T000000Z-abcdef/1"
        let transfer = ObjectTransfer(store: fixture.repository.store)
        let content: [UInt8] = [1, 2, 3]
        _ = try unsafe transfer.put(
            content.span.bytes, as: name, kind: .mark, codec: 7, keys: try fixture.key.documentKeys)
        #expect(failureClass { _ = try fixture.writer.document(name, kind: .mark) } == .unsupportedVersion)
    }
}
