/// How a client talks to servers.
public struct HTTPClientOptions: Sendable {
    /// What the client calls itself.
    public var userAgent: String
    /// How long a connection may take, name look-up and TLS included.
    public var connectTimeout: Duration
    /// How long nothing at all may arrive or leave; whole seconds.
    public var stallTimeout: Duration
    /// How long a whole exchange may take.
    public var wholeTimeout: Duration
    /// The proxies to go through.
    public var proxies: HTTPProxies
    /// A file of certificates to trust instead of the system's.
    public var certificateFile: String?

    /// How a client talks to servers.
    ///
    /// - Parameters:
    ///   - userAgent: What the client calls itself.
    ///   - connectTimeout: How long a connection may take.
    ///   - stallTimeout: How long nothing at all may arrive or leave; whole seconds.
    ///   - wholeTimeout: How long a whole exchange may take.
    ///   - proxies: The proxies to go through.
    ///   - certificateFile: A file of certificates to trust instead of the system's.
    public init(
        userAgent: String = "wheels-db",
        connectTimeout: Duration = .seconds(10),
        stallTimeout: Duration = .seconds(30),
        wholeTimeout: Duration = .seconds(600),
        proxies: HTTPProxies = .none,
        certificateFile: String? = nil
    ) {
        self.userAgent = userAgent
        self.connectTimeout = connectTimeout
        self.stallTimeout = stallTimeout
        self.wholeTimeout = wholeTimeout
        self.proxies = proxies
        self.certificateFile = certificateFile
    }

    /// The options that the usual variables ask for: proxies, and `AWS_CA_BUNDLE` or `SSL_CERT_FILE` for certificates.
    ///
    /// - Parameters:
    ///   - environment: The variables.
    ///   - userAgent: What the client calls itself.
    public init(environment: [String: String], userAgent: String = "wheels-db") {
        self.init(userAgent: userAgent, proxies: HTTPProxies(environment: environment))
        certificateFile = ["AWS_CA_BUNDLE", "SSL_CERT_FILE"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    }
}

extension Duration {
    /// Whole milliseconds, at least one.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return max(1, Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
