import Diagnostics
import Foundation
import HTTPClient
import SealedStreams
import Synchronization

/// The objects of a bucket: what single requests do, and what their failures mean.
struct S3Objects: Sendable {
    /// The field of a put's own mark, by which it finds out whether an object is its work.
    static let mark = "x-amz-meta-wheels-put"

    let connection: S3Connection
    let writes: ConditionalWrites
    /// The length of every part but the last of an object that is too long for one request.
    var partSize = 16 << 20
    let knownBucket = KnownBucket()

    var location: S3Location { connection.location }

    /// Runs requests and explains their failures.
    func explaining<Result: ~Copyable>(
        _ action: String,
        _ name: BlobName? = nil,
        _ work: () throws -> Result
    ) throws -> Result {
        do { return try work() } catch {
            throw S3Explanation(location: location).error(error, doing: action, name: name)
        }
    }

    // MARK: Questions

    /// The head of an object; `nil` when there is none.
    func head(_ name: BlobName) throws -> HTTPResponse? {
        let key = location.key(of: name)
        do {
            return try connection.send(S3Call(method: "HEAD", key: key)).response
        } catch let failure as S3Failure where failure.status == 404 {
            try requireBucket()
            return nil
        } catch let failure as S3Failure where failure.code.isEmpty && !failure.isPassing {
            // The answer to HEAD has no words; the same question by GET has.
            let range = HTTPRequest.Field("range", "bytes=0-0")
            do {
                _ = try connection.send(S3Call(method: "GET", key: key, fields: [range]))
            } catch let second as S3Failure where !second.code.isEmpty { throw second }
            throw failure
        }
    }

    /// Makes sure once that the bucket exists: without one, every object is just "not found" to HEAD.
    func requireBucket() throws {
        guard !knownBucket.isKnown else { return }
        do {
            _ = try connection.send(listing(prefix: "", pageSize: 1))
        } catch let failure as S3Failure where failure.status == 403 {
            // A key that may not list knows no more than this.
        }
        knownBucket.isKnown = true
    }

    /// The request for a page of a list.
    func listing(prefix: String, pageSize: Int, after token: String? = nil) -> S3Call {
        let base = location.prefix.isEmpty ? "" : "\(location.prefix)/"
        var query = [
            ("list-type", "2"), ("encoding-type", "url"), ("max-keys", String(pageSize)), ("prefix", base + prefix),
        ]
        if let token { query.append(("continuation-token", token)) }
        return S3Call(method: "GET", key: nil, query: query)
    }

    /// Whether an object is the work of a put whose answer was lost.
    ///
    /// - Parameters:
    ///   - name: The object.
    ///   - token: The mark of the put.
    ///   - entityTag: What the object's tag is if the store makes it of the content; without quotes.
    ///   - size: The content's length.
    /// - Returns: Whether it is; `false` also when there is no object.
    /// - Throws: What the question to the store throws.
    func isOurs(_ name: BlobName, token: String, entityTag: String?, size: Int) throws -> Bool {
        guard let head = try head(name) else { return false }
        if let mark = head[Self.mark] { return mark == token }
        // The store keeps no marks: then the content has to tell.
        let tag = head["etag"].map { $0.filter { $0 != "\"" } }
        return head["content-length"] == String(size) && tag != nil && tag == entityTag
    }

    // MARK: Puts

    /// The field that keeps a write from replacing anything; none where the store does not know it.
    var condition: [HTTPRequest.Field] {
        if case .ignored = writes.state { return [] }
        return [.init("if-none-match", "*")]
    }

    /// Where the store cannot be trusted to refuse, asks whether a name is taken.
    func requireFree(_ name: BlobName) throws {
        if case .honoured = writes.state { return }
        guard try head(name) == nil else { throw RepositoryError.objectExists(name, in: location.description) }
    }

    /// Stores an object that is all there.
    func put(_ content: RawSpan, as name: BlobName, token: String) throws {
        let payload = try S3Payload(content)
        let key = location.key(of: name)
        let fields = payload.fields + [.init("content-type", "application/octet-stream"), .init(Self.mark, token)]
        try requireFree(name)
        try conditionally(name, token: token, entityTag: payload.entityTag, size: content.byteCount) { condition in
            let call = S3Call(method: "PUT", key: key, fields: fields + condition)
            _ = try connection.attempt(call, body: content, payloadHash: payload.hash)
        }
        if case .unknown = writes.state, content.byteCount <= 1 << 20 {
            // The same bytes once more: a store that honours the condition refuses, and no other is harmed.
            let call = S3Call(method: "PUT", key: key, fields: fields + condition)
            do {
                _ = try connection.attempt(call, body: content, payloadHash: payload.hash)
                writes.found(.ignored)
            } catch let failure as S3Failure where failure.isTaken {
                writes.found(.honoured)
            } catch {
                // It stays unknown, and the next put asks again.
            }
        }
    }

    /// Repeats the request that makes an object exist, and finds out what a lost answer said.
    func conditionally(
        _ name: BlobName,
        token: String,
        entityTag: String?,
        size: Int,
        _ send: ([HTTPRequest.Field]) throws -> Void
    ) throws {
        try connection.repeating { mayBeThere in
            if mayBeThere, condition.isEmpty, try head(name) != nil {
                guard try isOurs(name, token: token, entityTag: entityTag, size: size) else {
                    throw RepositoryError.objectExists(name, in: location.description)
                }
                return
            }
            do {
                try send(condition)
            } catch let failure as S3Failure where failure.isTaken || mayBeThere && failure.code == "NoSuchUpload" {
                if mayBeThere, try isOurs(name, token: token, entityTag: entityTag, size: size) { return }
                guard failure.isTaken else { throw failure }
                throw RepositoryError.objectExists(name, in: location.description)
            } catch let failure as S3Failure where failure.isNotImplemented && !condition.isEmpty {
                writes.isRefused()
                try requireFree(name)
                try send([])
            }
        }
    }

    /// The error for a write that failed: a store that reads but does not write is probably full.
    func explainedWrite(_ error: any Error, _ action: String, _ name: BlobName) -> any Error {
        let explanation = S3Explanation(location: location)
        guard let failure = error as? S3Failure, failure.status == 500, !failure.isOutOfSpace else {
            return explanation.error(error, doing: action, name: name)
        }
        do {
            _ = try connection.attempt(listing(prefix: "", pageSize: 1))
            return explanation.probablyFull(failure, action)
        } catch let second as S3Failure where second.code == "NoSuchBucket" {
            return explanation.error(second, doing: action, name: name)
        } catch {
            return explanation.error(failure, doing: action, name: name)
        }
    }
}

/// Remembers that the bucket was seen.
final class KnownBucket: Sendable {
    private let seen = Mutex(false)

    var isKnown: Bool {
        get { seen.withLock { $0 } }
        set { seen.withLock { $0 = newValue } }
    }
}
