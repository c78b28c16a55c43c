import SealedStreams

/// Writes one object of an ``S3BlobStore``: in one request when it is small, else in parts.
struct S3BlobSink: ByteSink, ~Copyable, Sendable {
    private let objects: S3Objects
    private let name: BlobName
    private let token: String
    private var held = ReusableBuffer(capacity: 64 << 10)
    /// The upload in parts that is under way; it is given up when the sink goes away.
    private var upload: S3Upload?
    /// What went wrong first: an object that lost bytes once never comes into being.
    private var failure: (any Error)?

    init(objects: S3Objects, name: BlobName) throws {
        self.objects = objects
        self.name = name
        token = Hexadecimal.text(try RandomBytes.bytes(count: 16))
    }

    deinit { upload?.giveUp() }

    mutating func write(_ bytes: RawSpan) throws {
        if let failure { throw failure }
        var start = 0
        while start < bytes.byteCount {
            if held.count == objects.partSize { try sendPart() }
            let length = min(objects.partSize - held.count, bytes.byteCount - start)
            held.append(bytes.extracting(start..<start + length))
            start += length
        }
    }

    consuming func finish() throws {
        if let failure { throw failure }
        if upload != nil { try sendPart() }
        do {
            if let upload {
                try upload.complete()
            } else {
                try held.withBytes { bytes in try objects.put(bytes, as: name, token: token) }
            }
        } catch { throw objects.explainedWrite(error, "store \(name)", name) }
        upload = nil
    }

    private mutating func sendPart() throws {
        do {
            var upload = try upload ?? .begin(name, token: token, in: objects)
            self.upload = upload
            try held.withBytes { bytes in try upload.add(bytes) }
            self.upload = upload
            held.removeAll()
        } catch {
            let explained = objects.explainedWrite(error, "store \(name)", name)
            failure = explained
            throw explained
        }
    }
}
