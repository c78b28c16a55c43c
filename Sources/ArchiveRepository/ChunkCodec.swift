import Diagnostics
public import SealedStreams

/// Where the encoder of a chunk writes: the sealed object that is being stored.
public typealias ObjectSink = SealingSink<BlobSink>
/// Where the decoder of a chunk reads: the sealed object, opened and checked.
public typealias ObjectSource = OpeningSource<BlobSource>

/// How the rows of a chunk become the content of an object, and come back as the same bytes.
///
/// The id stands in the header of each object, so a repository may hold objects of many codecs. A codec does its own
/// compression, because what compresses well depends on how it arranges the rows.
public protocol ChunkCodec: Sendable {
    /// The byte in the object's header; never reused for another arrangement.
    var id: UInt8 { get }

    /// An encoder for one chunk. It is used by one thread.
    ///
    /// - Returns: A fresh encoder.
    /// - Throws: `SealedStreamError` when there is not enough memory.
    func makeEncoder() throws -> any ChunkEncoder & ~Copyable & Sendable

    /// A decoder for one chunk. It is used by one thread.
    ///
    /// - Parameter name: The object that is read, for messages.
    /// - Returns: A fresh decoder.
    /// - Throws: `SealedStreamError` when there is not enough memory.
    func makeDecoder(name: String) throws -> any ChunkDecoder & ~Copyable & Sendable
}

/// Turns COPY rows into the content of one object.
public protocol ChunkEncoder: ~Copyable {
    /// Takes one whole COPY row, or the header or trailer of the COPY stream, as the server sent it.
    ///
    /// - Parameters:
    ///   - row: The bytes; valid during the call only.
    ///   - output: Where to write what is ready.
    /// - Throws: When the bytes are not what this codec can hold, or what the output throws.
    mutating func encode(_ row: RawSpan, into output: inout ObjectSink) throws

    /// Writes what was held back. No row follows.
    ///
    /// - Parameter output: Where to write.
    /// - Throws: What the output throws.
    mutating func finish(into output: inout ObjectSink) throws
}

/// Turns the content of one object back into the bytes that were encoded.
public protocol ChunkDecoder: ~Copyable {
    /// Appends the next piece: at least one byte, at most about a megabyte beyond the longest row.
    ///
    /// Pieces put together are exactly the rows put together; their borders mean nothing.
    ///
    /// - Parameters:
    ///   - input: Where to read.
    ///   - buffer: Where to append.
    /// - Returns: Whether something was appended; `false` at the end, when the input was read to its end.
    /// - Throws: `SealedStreamError` of the class corrupt, or what the input throws.
    mutating func decode(from input: inout ObjectSource, into buffer: inout ReusableBuffer) throws -> Bool
}

/// The codecs a reader knows, by their id.
public struct ChunkCodecs: Sendable {
    private var codecs: [UInt8: any ChunkCodec] = [:]

    /// All codecs of this version.
    public static let standard = ChunkCodecs([PlainRowsCodec()])

    /// Some codecs.
    ///
    /// - Parameter codecs: At most one for each id.
    public init(_ codecs: [any ChunkCodec]) {
        for codec in codecs { self.codecs[codec.id] = codec }
    }

    /// The codec of an id.
    ///
    /// - Parameters:
    ///   - id: The byte in the object's header.
    ///   - name: The object, for messages.
    /// - Returns: The codec.
    /// - Throws: ``RepositoryError`` of the class unsupported version when there is none.
    public func codec(_ id: UInt8, for name: BlobName) throws(RepositoryError) -> any ChunkCodec {
        guard let codec = codecs[id] else {
            throw RepositoryError(
                code: "repository.unknown-codec",
                summary: "\(name) is encoded by codec \(id), which this version of wheels-db does not know.",
                remedy: .init("Use the version that wrote it, or a newer one."),
                failureClass: .unsupportedVersion
            )
        }
        return codec
    }
}
