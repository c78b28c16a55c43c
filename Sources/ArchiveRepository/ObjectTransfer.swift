import SealedStreams

/// Whole small objects: compressed, sealed and back.
struct ObjectTransfer {
    let store: any BlobStore

    func put(
        _ content: [UInt8],
        as name: BlobName,
        kind: SealedObjectKind,
        keys: SealingKeys
    ) throws -> StoredObject {
        let codec = PlainRowsCodec()
        let sink = try ObjectSink(
            try store.put(name),
            name: name.description,
            kind: kind,
            codec: codec.id,
            keys: keys
        )
        var writer = ChunkWriter(name: name, encoder: try codec.makeEncoder(), sink: sink)
        try writer.write(content)
        return try writer.finish()
    }

    func source(
        _ name: BlobName,
        kind: SealedObjectKind,
        keys: (KeyFingerprint) throws -> OpeningKeys
    ) throws -> ObjectSource {
        guard try store.size(of: name) != nil else {
            throw RepositoryError.corrupt(name.description, "is missing from \(store.location)")
        }
        var source = try store.get(name, range: nil)
        let header = try SealedObjectHeader(from: &source, name: name.description)
        let opening = try keys(header.writer)
        return try ObjectSource(source, header: header, name: name.description, kind: kind, keys: opening)
    }

    /// Reads an object to its end; nothing is returned before its last byte is checked.
    func read(
        _ name: BlobName,
        kind: SealedObjectKind,
        keys: (KeyFingerprint) throws -> OpeningKeys
    ) throws -> [UInt8] {
        var source = try source(name, kind: kind, keys: keys)
        var decoder = try PlainRowsCodec().makeDecoder(name: name.description)
        var content: [UInt8] = []
        var piece = ReusableBuffer(capacity: 1 << 17)
        while try decoder.decode(from: &source, into: &piece) {
            content += piece.array
            piece.removeAll()
        }
        return content
    }
}
