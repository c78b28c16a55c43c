public import Diagnostics

/// An exchange that came to no whole answer.
///
/// An answer with a bad status is not an error.
public struct HTTPError: ExplainedError, Sendable {
    /// What went wrong.
    public enum Kind: String, Sendable, CaseIterable {
        /// The host's name is not known.
        case unknownHost = "unknown-host"
        /// No connection: refused, no route, or the proxy does not answer.
        case noConnection = "no-connection"
        /// No connection within the time for it.
        case connectTimeout = "connect-timeout"
        /// Nothing arrived or left for too long, or the whole took too long.
        case timeout
        /// The server speaks plain HTTP where TLS was asked for, or the other way round.
        case wrongScheme = "wrong-scheme"
        /// The certificate is not valid for this host, or TLS failed otherwise.
        case tls
        /// The connection broke while the request or the answer was under way.
        case broken
        /// The answer ended before its announced length.
        case truncated
        /// The answer is longer than it may be.
        case tooLong = "too-long"
        /// The address or the request cannot be sent.
        case badRequest = "bad-request"
        /// Anything else.
        case other
    }

    /// What went wrong.
    public let kind: Kind
    /// The host and port that were asked.
    public let authority: String
    /// libcurl's own words.
    public let detail: String

    /// An exchange that came to no whole answer.
    ///
    /// - Parameters:
    ///   - kind: What went wrong.
    ///   - authority: The host and port that were asked.
    ///   - detail: More words, without secrets.
    public init(_ kind: Kind, authority: String, detail: String) {
        self.kind = kind
        self.authority = authority
        self.detail = detail
    }

    /// Whether the server may have acted on the request although no answer came.
    public var mayHaveArrived: Bool {
        switch kind {
        case .unknownHost, .noConnection, .connectTimeout, .wrongScheme, .tls, .badRequest: false
        case .timeout, .broken, .truncated, .tooLong, .other: true
        }
    }

    /// Whether the same request may succeed a moment later.
    public var isPassing: Bool {
        switch kind {
        case .unknownHost, .noConnection, .connectTimeout, .timeout, .broken, .truncated: true
        case .wrongScheme, .tls, .tooLong, .badRequest, .other: false
        }
    }

    /// The stable name for scripts, such as `http.timeout`.
    public var code: String { "http.\(kind.rawValue)" }

    /// What failed, and with which host.
    public var summary: String {
        switch kind {
        case .unknownHost: "The host \(authority) is not known: \(detail)."
        case .noConnection: "\(authority) cannot be reached: \(detail)."
        case .connectTimeout: "\(authority) did not take the connection in time: \(detail)."
        case .timeout: "\(authority) did not answer in time: \(detail)."
        case .wrongScheme: "\(authority) does not speak the protocol of the address: \(detail)."
        case .tls: "No safe connection to \(authority): \(detail)."
        case .broken: "The connection to \(authority) broke: \(detail)."
        case .truncated: "The answer of \(authority) was cut off: \(detail)."
        case .tooLong: "The answer of \(authority) is too long: \(detail)."
        case .badRequest: "\(authority) cannot be asked: \(detail)."
        case .other: "The exchange with \(authority) failed: \(detail)."
        }
    }

    /// What to do next.
    public var remedy: Remedy? {
        switch kind {
        case .unknownHost: Remedy("Check the name and this machine's DNS.")
        case .noConnection, .connectTimeout, .timeout, .broken, .truncated:
            Remedy("Check that the service runs and that no firewall is in between, then try again.")
        case .wrongScheme: Remedy("Write http:// where the service has no TLS, https:// where it has.")
        case .tls: Remedy("Check the host's name; for a private authority set SSL_CERT_FILE to its certificate.")
        case .badRequest: Remedy("Check the address.")
        case .tooLong, .other: nil
        }
    }

    /// The exit code is that of a store or service that cannot be reached, or of a wrong address.
    public var failureClass: FailureClass { [.badRequest, .wrongScheme].contains(kind) ? .usage : .unreachable }
}
