import Foundation
import HTTPClient
import SealedStreams

/// The digests of a body, by which a store finds bytes that were damaged on the way.
struct S3Payload: Sendable {
    /// The SHA-256, hexadecimal; it is part of the signature.
    let hash: String
    /// The MD5; `nil` where libcrypto has none.
    let md5: [UInt8]?
    private let sha256: [UInt8]

    init(_ bytes: RawSpan) throws {
        let digest = try SHA256.digest(bytes)
        hash = digest.description
        sha256 = digest.bytes
        md5 = MD5.digest(bytes)
    }

    /// What the store shall check.
    ///
    /// Buckets with object lock insist on one of these two fields; every store knows the first.
    var fields: [HTTPRequest.Field] {
        if let md5 { return [.init("content-md5", Data(md5).base64EncodedString())] }
        return [.init("x-amz-checksum-sha256", Data(sha256).base64EncodedString())]
    }

    /// The tag of an object that is stored in one piece, without quotes.
    var entityTag: String? { md5.map { Hexadecimal.text($0) } }
}
