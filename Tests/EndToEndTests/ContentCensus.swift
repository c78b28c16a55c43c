import Foundation
import SealedStreams

@testable import ArchiveRepository

/// Every object of rows and schemas of a repository, opened as the holder of the identity opens it.
///
/// Sealed bytes tell nothing of the content, and a second copy has another name: only opening both shows that they are the
/// same. An object that does not open is an error, also one that no backup needs: the next backup may use it.
struct ContentCensus {
    /// The objects by what they hold.
    private let names: [Digest: [BlobName]]

    /// How many objects there are.
    var count: Int { names.values.reduce(0) { $0 + $1.count } }

    /// Objects that hold the same content.
    var twins: [[BlobName]] { names.values.filter { $0.count > 1 }.map { $0.sorted() } }

    init(of store: any BlobStore, identityFile text: String) throws {
        let identities = try AgeIdentity.identities(inFile: text, name: "the identity")
        let reader = try Repository.open(in: store).reader(.identities(identities))
        var names: [Digest: [BlobName]] = [:]
        for entry in try store.list(Layout.chunks) + store.list(Layout.schemas) {
            names[try Self.digest(of: entry.name, reader), default: []].append(entry.name)
        }
        self.names = names
    }

    private static func digest(of name: BlobName, _ reader: ReaderAccess) throws -> Digest {
        let check = try reader.check(name)
        guard let run = check.run else { throw RepositoryError.corrupt(name.description, "names no run") }
        let object = StoredObject(
            name: name, storedBytes: check.storedBytes, contentBytes: 0, code: check.code, run: run)
        guard check.kind == .chunk else {
            // Told from rows by the kind, as names are.
            return try SHA256.digest([check.kind.rawValue] + reader.schema(object))
        }
        var source = try reader.source(object, kind: .chunk)
        var content = ReusableBuffer(capacity: 1 << 18)
        while try source.read(upTo: 1 << 16, into: &content) > 0 {}
        return try SHA256.digest([check.kind.rawValue, source.header.codec] + content.array)
    }
}
