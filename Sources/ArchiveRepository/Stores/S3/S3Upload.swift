import Foundation
import HTTPClient
import SealedStreams

/// An object that is stored in parts, because it is too large for one request.
struct S3Upload: Sendable {
    private static let mostParts = 10_000

    let objects: S3Objects
    let name: BlobName
    let token: String
    let id: String
    private var parts: [(tag: String, md5: [UInt8]?)] = []
    private var size = 0

    private var key: String { objects.location.key(of: name) }

    /// Starts an upload.
    static func begin(_ name: BlobName, token: String, in objects: S3Objects) throws -> S3Upload {
        // Before many parts go over the wire, a name is worth a question.
        guard try objects.head(name) == nil else {
            throw RepositoryError.objectExists(name, in: objects.location.description)
        }
        let fields = [
            HTTPRequest.Field("content-type", "application/octet-stream"), HTTPRequest.Field(S3Objects.mark, token),
        ]
        let key = objects.location.key(of: name)
        // When the answer is lost, an empty upload stays behind; a sweep removes it.
        let answer = try objects.connection.send(
            S3Call(method: "POST", key: key, query: [("uploads", "")], fields: fields))
        guard let id = S3Document(answer.body)?["UploadId"], !id.isEmpty else {
            throw S3Failure(status: answer.response.status, code: "NoUploadId")
        }
        return S3Upload(objects: objects, name: name, token: token, id: id)
    }

    private init(objects: S3Objects, name: BlobName, token: String, id: String) {
        self.objects = objects
        self.name = name
        self.token = token
        self.id = id
    }

    /// Stores the next part.
    mutating func add(_ content: RawSpan) throws {
        guard parts.count < Self.mostParts else {
            throw RepositoryError(
                code: "store.too-large",
                summary: "\(name) is longer than \(Self.mostParts) parts of \(objects.partSize >> 20) MiB."
            )
        }
        let payload = try S3Payload(content)
        let query = [("partNumber", String(parts.count + 1)), ("uploadId", id)]
        let call = S3Call(method: "PUT", key: key, query: query, fields: payload.fields)
        let answer = try objects.connection.repeating { _ in
            try objects.connection.attempt(call, body: content, payloadHash: payload.hash)
        }
        guard let tag = answer.response["etag"] else { throw S3Failure(status: 200, code: "NoETag") }
        parts.append((tag, payload.md5))
        size += content.byteCount
    }

    /// Makes the object exist.
    func complete() throws {
        let list = parts.enumerated().map { number, part in
            "<Part><PartNumber>\(number + 1)</PartNumber><ETag>\(Self.escaped(part.tag))</ETag></Part>"
        }
        let text = "<CompleteMultipartUpload>\(list.joined())</CompleteMultipartUpload>"
        let body = Array(text.utf8)
        let hash = try SHA256.digest(body).description
        try objects.requireFree(name)
        try objects.conditionally(name, token: token, entityTag: entityTag, size: size) { condition in
            let fields = [HTTPRequest.Field("content-type", "application/xml")] + condition
            let call = S3Call(method: "POST", key: key, query: [("uploadId", id)], fields: fields)
            let answer = try unsafe objects.connection.attempt(call, body: body.span.bytes, payloadHash: hash)
            // The status comes before the work is done, so a failure may follow a good one.
            if let document = S3Document(answer.body), document.name == "Error" {
                throw S3Failure(status: 200, code: document["Code"] ?? "", message: document["Message"] ?? "")
            }
        }
    }

    /// Gives up: the parts go, and nothing was ever visible.
    ///
    /// Nothing can be done when it fails; a sweep comes later.
    func giveUp() {
        let call = S3Call(method: "DELETE", key: key, query: [("uploadId", id)])
        _ = try? objects.connection.attempt(call)
    }

    /// The tag that stores give to an object of parts: the MD5 of the parts' MD5s, and their number.
    private var entityTag: String? {
        let digests = parts.compactMap(\.md5)
        guard digests.count == parts.count else { return nil }
        let all = Array(digests.joined())
        return unsafe MD5.digest(all.span.bytes).map { "\(Hexadecimal.text($0))-\(parts.count)" }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }
}
