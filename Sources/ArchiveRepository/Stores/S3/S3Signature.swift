import Foundation
import HTTPClient
import SealedStreams

/// Signs requests as AWS does, version 4.
///
/// See "Authenticating Requests (AWS Signature Version 4)" in the manual of Amazon S3.
struct S3Signature {
    /// The hash of an empty body.
    static let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    let credentials: S3Credentials
    let region: String
    let date: Date

    /// The header fields that a request must carry in addition to its own.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - host: The host with its port, as it will stand in the request.
    ///   - path: The path, encoded.
    ///   - query: The query's names and values, not encoded.
    ///   - fields: The request's own fields; all of them are signed.
    ///   - payloadHash: The SHA-256 of the body, hexadecimal.
    /// - Returns: The fields of the request and the signature.
    /// - Throws: `SealedStreamError` when libcrypto fails.
    func signed(
        method: String,
        host: String,
        path: String,
        query: [(String, String)],
        fields: [HTTPRequest.Field],
        payloadHash: String
    ) throws -> [HTTPRequest.Field] {
        var all = fields
        all.append(.init("x-amz-content-sha256", payloadHash))
        all.append(.init("x-amz-date", timestamp))
        if let token = credentials.sessionToken { all.append(.init("x-amz-security-token", token)) }
        let canonical = Self.canonicalRequest(
            method: method,
            path: path,
            query: query,
            fields: all + [.init("host", host)],
            payloadHash: payloadHash
        )
        let signature = try signature(of: canonical.text)
        let value = "AWS4-HMAC-SHA256 Credential=\(credentials.keyID)/\(scope),"
        all.append(.init("Authorization", "\(value)SignedHeaders=\(canonical.names),Signature=\(signature)"))
        return all
    }

    /// The request in the one form that both sides hash, and the names of the fields in it.
    static func canonicalRequest(
        method: String,
        path: String,
        query: [(String, String)],
        fields: [HTTPRequest.Field],
        payloadHash: String
    ) -> (text: String, names: String) {
        let sorted = fields.map { ($0.name.lowercased(), collapsed($0.value)) }.sorted { $0.0 < $1.0 }
        let names = sorted.map(\.0).joined(separator: ";")
        let lines = sorted.map { "\($0.0):\($0.1)\n" }.joined()
        let text = [method, path, queryText(query), lines, names, payloadHash].joined(separator: "\n")
        return (text, names)
    }

    /// The signature of a canonical request.
    func signature(of canonicalRequest: String) throws -> String {
        let hash = try SHA256.digest(Array(canonicalRequest.utf8)).description
        let text = "AWS4-HMAC-SHA256\n\(timestamp)\n\(scope)\n\(hash)"
        var key = credentials.signingSecret
        for step in [day, region, "s3", "aws4_request"] {
            key = SecretBytes(try Self.code(step, key: key).bytes)
        }
        return try Self.code(text, key: key).description
    }

    /// A query in its canonical form, which is also what is sent.
    static func queryText(_ query: [(String, String)]) -> String {
        var pairs: [(name: String, value: String)] = []
        for (name, value) in query { pairs.append((encoded(name), encoded(value))) }
        pairs.sort { left, right in
            if left.name == right.name { return left.value < right.value }
            return left.name < right.name
        }
        return pairs.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }

    /// Percent-encodes all but the unreserved characters.
    static func encoded(_ text: String, keepingSlashes: Bool = false) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if S3Location.isUnreserved(byte) || keepingSlashes && byte == UInt8(ascii: "/") {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func code(_ text: String, key: SecretBytes) throws -> Digest {
        let bytes = Array(text.utf8)
        return try unsafe HMAC.code(bytes.span.bytes, key: key)
    }

    private static func collapsed(_ value: String) -> String {
        value.split(separator: " ").joined(separator: " ")
    }

    private var timestamp: String {
        date.formatted(Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted))
    }

    private var day: String { String(timestamp.prefix(8)) }

    private var scope: String { "\(day)/\(region)/s3/aws4_request" }
}
