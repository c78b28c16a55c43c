import FoundationEssentials

/// The question to another service whether it is there.
///
/// `http://` and `https://` are asked with GET and have to answer 2xx or 3xx; `redis://` is asked PING.
public struct Probe: Sendable {
    let name: String
    let url: String
    let timeout: Duration

    /// A probe.
    ///
    /// - Parameters:
    ///   - name: The service's name.
    ///   - url: Where it is; may hold a password, which no result repeats.
    ///   - timeout: How long it may take to answer.
    public init(name: String, url: String, timeout: Duration) {
        self.name = name
        self.url = url
        self.timeout = timeout
    }

    /// Asks the service.
    ///
    /// - Returns: The service's health: `healthy`, or what went wrong.
    public func run() async -> ServiceHealth {
        let begin = ContinuousClock.now
        let answer: Result<Void, any Error>
        do {
            let address = try ProbeAddress(url)
            // A second more than the probe's own limit: what it says about a slow answer is better than silence.
            let probe = self
            try await Deadline.runBlocking(within: timeout + .seconds(1)) {
                try probe.ask(address, until: begin + probe.timeout)
            }
            answer = .success(())
        } catch {
            answer = .failure(error)
        }
        return health(answer, duration: .now - begin)
    }

    private func ask(_ address: ProbeAddress, until deadline: ContinuousClock.Instant) throws {
        switch address.scheme {
        case .http: try HTTPQuestion(address: address, deadline: deadline).ask()
        case .https: try CurlQuestion(url: url, deadline: deadline).ask()
        case .redis: try RedisQuestion(address: address, deadline: deadline).ask()
        }
    }

    private func health(_ answer: Result<Void, any Error>, duration: Duration) -> ServiceHealth {
        let problem: String?
        switch answer {
        case .success: problem = nil
        case .failure(let error as ProbeFailure): problem = error.message
        case .failure(is DeadlineExceeded): problem = ProbeFailure.timedOut.message
        case .failure: problem = "could not be asked."
        }
        return ServiceHealth(
            name, problem == nil ? "healthy" : "unhealthy", problem: problem, duration: duration,
            metrics: [
                Metric(
                    "probe_success", "Whether a probe was answered.", problem == nil ? 1 : 0, labels: ["probe": name]),
                Metric(
                    "probe_duration_seconds", "How long a probe took.", duration / .seconds(1), labels: ["probe": name]),
            ])
    }
}

/// Why a probe failed, in words without the URL.
struct ProbeFailure: Error, Equatable {
    let message: String

    init(_ message: String) { self.message = message }

    static let timedOut = ProbeFailure("gave no answer in time.")
}

/// The parts of a probe's URL.
struct ProbeAddress: Sendable, Equatable {
    enum Scheme: String, Sendable {
        case http
        case https
        case redis
    }

    let scheme: Scheme
    let host: String
    let port: Int
    /// Path and query.
    let path: String
    let user: String
    let password: String?

    /// Reads a URL.
    ///
    /// - Throws: ``ProbeFailure`` for a URL that cannot be asked.
    init(_ text: String) throws(ProbeFailure) {
        guard let url = PlainURL(text), let components = URLComponents(string: text) else {
            throw ProbeFailure("its variable holds no URL.")
        }
        guard let scheme = Scheme(rawValue: url.scheme.lowercased()) else {
            throw ProbeFailure("only http, https and redis URLs can be asked.")
        }
        self.scheme = scheme
        host = url.host
        port = components.port ?? (scheme == .redis ? 6_379 : scheme == .http ? 80 : 443)
        guard (1...65_535).contains(port) else { throw ProbeFailure("its URL has no usable port.") }
        let path = components.percentEncodedPath.isEmpty ? "/" : components.percentEncodedPath
        self.path = components.percentEncodedQuery.map { "\(path)?\($0)" } ?? path
        user = components.user ?? ""
        password = components.password
    }
}
