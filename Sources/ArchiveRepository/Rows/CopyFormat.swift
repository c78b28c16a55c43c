import SealedStreams

/// The format of a COPY stream.
public enum CopyFormat: UInt8, Sendable {
    /// `COPY … (FORMAT binary)`.
    case binary = 1
    /// `COPY … (FORMAT text)`.
    case text = 2
}

/// What surrounds the rows of a COPY stream in binary format.
enum CopyFrame {
    /// The signature, no flags, no header extension.
    static let header: [UInt8] = [
        0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0x00, 0, 0, 0, 0, 0, 0, 0, 0,
    ]
    /// The length of the signature alone.
    static let signatureLength = 11
    /// A field count of -1.
    static let trailer: [UInt8] = [0xff, 0xff]

    /// Whether a message begins with the signature; no row does, because no table has 20,551 columns.
    static func begins(_ message: RawSpan) -> Bool { starts(message, with: header, upTo: signatureLength) }

    /// Whether a message begins with the whole header as PostgreSQL writes it.
    static func hasUsualHeader(_ message: RawSpan) -> Bool { starts(message, with: header, upTo: header.count) }

    /// Whether a message is the trailer.
    static func isTrailer(_ message: RawSpan) -> Bool {
        message.byteCount == trailer.count && starts(message, with: trailer, upTo: trailer.count)
    }

    /// Takes the header from a message.
    ///
    /// - Returns: Whether the message has a row; it may be the header alone, or the trailer.
    /// - Throws: `SealedStreamError` when the header is not the one that PostgreSQL writes.
    static func stripHeader(of message: inout RawSpan) throws(SealedStreamError) -> Bool {
        if begins(message) {
            guard hasUsualHeader(message) else {
                throw .unsupportedVersion("The server's COPY", "has a header with flags or an extension")
            }
            message = message.extracting(droppingFirst: header.count)
            if message.byteCount == 0 { return false }
        }
        return !isTrailer(message)
    }

    private static func starts(_ message: RawSpan, with bytes: [UInt8], upTo count: Int) -> Bool {
        guard message.byteCount >= count else { return false }
        // The first byte alone tells almost every row apart.
        for index in 0..<count where message.checkedByte(index) != bytes[index] { return false }
        return true
    }
}

extension RawSpan {
    /// One byte, with its bounds checked.
    fileprivate func checkedByte(_ index: Int) -> UInt8 {
        precondition(index >= 0 && index < byteCount, "A byte outside of a message was asked for")
        return unsafe unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }
}
