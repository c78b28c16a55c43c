import HTTPClient
import SealedStreams

/// Reads one object of an ``S3BlobStore`` window by window, and goes on where a connection broke.
struct S3BlobSource: ByteSource, ~Copyable, Sendable {
    /// How much one request asks for.
    static let window = 8 << 20

    private let objects: S3Objects
    private let name: BlobName
    /// The next byte to ask for.
    private var position: Int
    /// Where to stop; not known before the first answer when all is wanted.
    private var end: Int?
    /// The object's tag: what comes later must be of the same object.
    private var entityTag: String?
    private var held = ReusableBuffer(capacity: 64 << 10)
    private var used = 0

    /// Asks for the first bytes.
    init(objects: S3Objects, name: BlobName, range: Range<Int>?) throws {
        self.objects = objects
        self.name = name
        position = range?.lowerBound ?? 0
        end = range?.upperBound
        if let range, range.isEmpty {
            guard try objects.head(name) != nil else {
                throw RepositoryError.noSuchObject(name, in: objects.location.description)
            }
        } else {
            try fetch()
        }
    }

    mutating func read(upTo maximum: Int, into buffer: inout ReusableBuffer) throws -> Int {
        if used == held.count {
            guard position < end ?? .max else { return 0 }
            try objects.explaining("read \(name)", name) { try fetch() }
        }
        let length = min(maximum, held.count - used)
        held.withBytes { bytes in buffer.append(bytes.extracting(used..<used + length)) }
        used += length
        return length
    }

    /// Fills the window.
    private mutating func fetch() throws {
        held.removeAll()
        used = 0
        var retries = Retries(objects.connection.retry)
        let begin = position
        let wanted = begin..<min(begin + Self.window, end ?? .max)
        while true {
            let before = position
            do {
                try ask(for: position..<wanted.upperBound)
                return
            } catch let failure as S3Failure where failure.status == 416 {
                // Nothing stands there: an empty object, or a range beyond the end.
                end = position
                return
            } catch let failure as S3Failure where failure.isTaken {
                throw RepositoryError.corrupt(name.description, "was replaced in \(objects.location) while it was read")
            } catch let failure as S3Failure where failure.status == 404 && failure.code != "NoSuchBucket" {
                throw RepositoryError.noSuchObject(name, in: objects.location.description)
            } catch {
                if position > before { retries.progress() }
                let trouble = S3Trouble(error)
                guard trouble.isPassing, retries.pause(asked: trouble.pause) else { throw error }
            }
        }
    }

    /// One request; what arrives counts, even when the answer breaks off.
    private mutating func ask(for range: Range<Int>) throws {
        var fields = [HTTPRequest.Field("range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")]
        if let entityTag { fields.append(.init("if-match", entityTag)) }
        let call = S3Call(method: "GET", key: objects.location.key(of: name), fields: fields)
        let authority = objects.location.host
        var skipped = 0
        var received = 0
        let answer = try objects.connection.attempt(call) { response, piece in
            var piece = piece
            // A server that knows no ranges sends all from the beginning.
            if response.status == 200, skipped < range.lowerBound {
                let length = min(range.lowerBound - skipped, piece.byteCount)
                skipped += length
                piece = piece.extracting(droppingFirst: length)
            }
            if entityTag == nil { entityTag = response["etag"] }
            let length = min(piece.byteCount, range.count - received)
            held.append(piece.extracting(first: length))
            received += length
            position += length
            return true
        }
        let total = try total(answer.response, range: range, authority: authority)
        let last = min(end ?? total, total)
        end = last
        guard position >= min(range.upperBound, last) else {
            throw HTTPError(
                .truncated, authority: authority, detail: "\(received) bytes of \(range.count) of \(name) came")
        }
    }

    /// The length of the whole object, as the answer says.
    private func total(_ response: HTTPResponse, range: Range<Int>, authority: String) throws -> Int {
        if response.status == 206 {
            // bytes 0-99/1234
            let words = response["content-range"]?.split { " -/".contains($0) } ?? []
            if words.count == 4, Int(words[1]) == range.lowerBound, let total = Int(words[3]) { return total }
        } else if let total = response["content-length"].flatMap({ Int($0) }) {
            return total
        }
        throw HTTPError(.other, authority: authority, detail: "the answer does not say which bytes it has")
    }
}
