import Synchronization

/// A small client for HTTP that blocks: for worker threads that have nothing else to do while they wait.
///
/// It verifies TLS, follows no redirect, keeps connections open between exchanges, and never raises a signal. Each
/// exchange has a handle of libcurl for itself; handles wait in the client for the next exchange of any thread. Call it
/// from any number of threads at once, but never from Swift's cooperative pool for more than a moment.
///
/// ```swift
/// let client = HTTPClient()
/// let (response, body) = try client.send(HTTPRequest("GET", "https://example.com/health"))
/// ```
public final class HTTPClient: Sendable {
    /// How the client talks.
    public let options: HTTPClientOptions
    private let idle = Mutex<[CurlHandle]>([])

    /// A client without a connection yet.
    ///
    /// - Parameter options: How the client talks.
    public init(options: HTTPClientOptions = HTTPClientOptions()) {
        self.options = options
    }

    /// Sends a request and hands over the answer's body as it arrives.
    ///
    /// - Parameters:
    ///   - request: What to ask for.
    ///   - body: The request's body; `nil` for none. It is read during the call only.
    ///   - receive: Gets the answer's head and the next bytes of its body; when it throws, the exchange ends.
    /// - Returns: The head of the answer, whatever its status.
    /// - Throws: ``HTTPError`` when there is no whole answer; what `receive` throws.
    public func send(
        _ request: HTTPRequest,
        body: RawSpan?,
        receive: (HTTPResponse, RawSpan) throws -> Void
    ) throws -> HTTPResponse {
        guard !request.hasLineBreaks else {
            throw HTTPError(.badRequest, authority: request.authority, detail: "a header field has a line break")
        }
        let handle = try idle.withLock { $0.popLast() } ?? CurlHandle(authority: request.authority)
        defer { idle.withLock { $0.append(handle) } }
        return try withoutActuallyEscaping(receive) { receive in
            try handle.send(request, body: body, options: options, receive: receive)
        }
    }

    /// Sends a request and waits for the whole answer.
    ///
    /// - Parameters:
    ///   - request: What to ask for.
    ///   - body: The request's body; `nil` for none.
    ///   - limit: How long the answer's body may be.
    /// - Returns: The head and the body of the answer, whatever its status.
    /// - Throws: ``HTTPError`` when there is no whole answer.
    public func send(
        _ request: HTTPRequest,
        body: RawSpan? = nil,
        limit: Int = 16 << 20
    ) throws -> (response: HTTPResponse, body: [UInt8]) {
        var bytes: [UInt8] = []
        let response = try send(request, body: body) { _, piece in
            guard bytes.count + piece.byteCount <= limit else {
                throw HTTPError(.tooLong, authority: request.authority, detail: "more than \(limit) bytes")
            }
            unsafe piece.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        }
        return (response, bytes)
    }
}
