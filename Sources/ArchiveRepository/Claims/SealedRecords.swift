import Diagnostics
import Foundation
import SealedStreams

/// The small sealed documents of a repository: claims and marks.
///
/// They are JSON, sealed under a key of the writer and bound to their kind and name: whoever has no writer key can
/// neither read nor forge one, nor put one in the place of another.
public struct SealedRecords: Sendable {
    /// What opens the records, and manifests too.
    public let access: any DocumentAccess
    private let writer: WriterAccess?
    var store: any BlobStore { access.repository.store }

    /// The records of a repository, to read and to write.
    ///
    /// - Parameters:
    ///   - writer: Seals new ones.
    ///   - access: Opens those that are there: a reader opens those of all generations, the writer its own. The writer
    ///     unless given.
    public init(writer: WriterAccess, access: (any DocumentAccess)? = nil) {
        self.writer = writer
        self.access = access ?? writer
    }

    /// The records of a repository, to read only.
    ///
    /// - Parameter access: Opens them.
    public init(reading access: any DocumentAccess) {
        self.access = access
        writer = nil
    }

    func put(_ content: some Encodable, as name: BlobName, kind: SealedObjectKind) throws {
        guard let writer else {
            throw RepositoryError.wrongKey(
                "\(name) takes a writer key, and there is only the right to read.",
                "Give --writer-key FILE, or an identity that opens keys which were not retired."
            )
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        try writer.putDocument(Array(try encoder.encode(content)), as: name, kind: kind)
    }

    /// Opens a record.
    ///
    /// - Throws: An `ExplainedError` of class `corrupt` when it is missing, damaged or forged, `wrongKey` when it is of a
    ///   generation of this repository whose key is not at hand.
    func content<Content: Decodable>(_ type: Content.Type, of name: BlobName, kind: SealedObjectKind) throws -> Content
    {
        let bytes = try access.document(name, kind: kind)
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        do { return try decoder.decode(type, from: Data(bytes)) } catch {
            throw RepositoryError.corrupt(name.description, "opens and is no record that this version can read")
        }
    }

    /// Whose key an object says it was sealed with; nothing proves it.
    func writer(of name: BlobName) throws -> KeyFingerprint {
        var source = try store.get(name, range: 0..<SealedObjectHeader.byteCount)
        return try SealedObjectHeader(from: &source, name: name.description).writer
    }
}
