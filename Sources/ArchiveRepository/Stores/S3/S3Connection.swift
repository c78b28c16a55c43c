import Foundation
import HTTPClient
import OffPool
import SealedStreams
import Synchronization

/// A request to S3, before it is signed.
struct S3Call: Sendable {
    let method: String
    /// The key of an object; `nil` for the bucket.
    let key: String?
    var query: [(String, String)] = []
    var fields: [HTTPRequest.Field] = []
}

/// What S3 answered, when it worked.
struct S3Answer: Sendable {
    let response: HTTPResponse
    let body: [UInt8]

    /// The store's time, where it says.
    var date: Date? { response["date"].flatMap { HTTPDate.date($0) } }
}

/// Signs requests and sends them to one endpoint.
struct S3Connection: Sendable {
    let location: S3Location
    let credentials: S3Credentials
    let client: HTTPClient
    let retry: RetryPolicy
    /// The time that requests are signed with: this machine's.
    let clock: @Sendable () -> Date
    private let history = ConnectionHistory()

    /// One attempt.
    ///
    /// - Parameters:
    ///   - call: The request.
    ///   - body: Its body; `nil` for none.
    ///   - payloadHash: The body's SHA-256, hexadecimal.
    ///   - limit: How long the part of an answer may be that no receiver takes.
    ///   - receive: Gets the body of an answer that worked, and says whether it takes it.
    /// - Returns: The answer.
    /// - Throws: `HTTPError` when there is none, ``S3Failure`` when it says no, what `receive` throws.
    func attempt(
        _ call: S3Call,
        body: RawSpan? = nil,
        payloadHash: String = S3Signature.emptyHash,
        limit: Int = 16 << 20,
        receive: (HTTPResponse, RawSpan) throws -> Bool = { _, _ in false }
    ) throws -> S3Answer {
        try Cancellation.check()
        let path = location.path(of: call.key)
        let fields = try S3Signature(credentials: credentials, region: location.region, date: clock()).signed(
            method: call.method,
            host: location.host,
            path: path,
            query: call.query,
            fields: call.fields,
            payloadHash: payloadHash
        )
        let query = call.query.isEmpty ? "" : "?\(S3Signature.queryText(call.query))"
        let request = HTTPRequest(call.method, "\(location.scheme)://\(location.host)\(path)\(query)", fields: fields)
        var words: [UInt8] = []
        let response: HTTPResponse
        do {
            response = try client.send(request, body: body) { response, piece in
                if response.isSuccess, try receive(response, piece) { return }
                guard words.count + piece.byteCount <= limit else {
                    throw HTTPError(.tooLong, authority: request.authority, detail: "more than \(limit) bytes")
                }
                unsafe piece.withUnsafeBytes { unsafe words.append(contentsOf: $0) }
            }
        } catch let error as HTTPError where error.kind == .broken && speaksTLS() {
            throw HTTPError(.wrongScheme, authority: request.authority, detail: "it speaks TLS")
        }
        history.worked()
        guard response.isSuccess else { throw S3Failure(response, body: words) }
        return S3Answer(response: response, body: words)
    }

    /// A request without a body that may be repeated freely.
    ///
    /// - Parameter call: The request.
    /// - Returns: The answer.
    /// - Throws: `HTTPError` or ``S3Failure``, for passing failures when the time for repeating is over.
    func send(_ call: S3Call) throws -> S3Answer {
        try repeating { _ in try attempt(call) }
    }

    /// Whether a service that never answered in plain text wants TLS; asked once.
    private func speaksTLS() -> Bool {
        guard location.scheme == "http", history.isFirstDoubt() else { return false }
        var options = client.options
        options.connectTimeout = min(options.connectTimeout, .seconds(2))
        options.wholeTimeout = min(options.wholeTimeout, .seconds(4))
        do {
            _ = try HTTPClient(options: options).send(HTTPRequest("HEAD", "https://\(location.host)/"))
            return true
        } catch { return (error as? HTTPError)?.kind == .tls }
    }

    /// Repeats a piece of work while its failures may pass.
    ///
    /// - Parameter work: Gets what the failures so far say: whether an earlier attempt may have arrived.
    /// - Returns: What the work returns.
    /// - Throws: What the work throws, when it will not pass or the time is over.
    func repeating<Result>(_ work: (_ mayBeThere: Bool) throws -> Result) throws -> Result {
        var retries = Retries(retry)
        var mayBeThere = false
        while true {
            do {
                return try work(mayBeThere)
            } catch {
                let trouble = S3Trouble(error)
                if trouble.mayHaveArrived { mayBeThere = true }
                guard trouble.isPassing, retries.pause(asked: trouble.pause) else { throw error }
            }
        }
    }
}

/// Remembers whether there is reason to doubt the address: not when the service has answered, nor when it was looked into.
private final class ConnectionHistory: Sendable {
    private let isSettled = Mutex(false)

    func worked() { isSettled.withLock { $0 = true } }

    /// Whether nothing is known yet; from now on something is.
    func isFirstDoubt() -> Bool {
        isSettled.withLock { settled in
            defer { settled = true }
            return !settled
        }
    }
}
