/// The proxies that a client goes through, as the usual variables name them.
///
/// This machine itself is never reached through a proxy.
public struct HTTPProxies: Sendable, Hashable {
    /// The proxy for `http:` addresses.
    public var plain: String?
    /// The proxy for `https:` addresses.
    public var secure: String?
    /// Hosts that are reached directly, as `NO_PROXY` lists them.
    public var exceptions: String

    /// No proxy at all.
    public static let none = HTTPProxies(plain: nil, secure: nil)

    /// The proxies for each kind of address.
    ///
    /// - Parameters:
    ///   - plain: The proxy for `http:` addresses.
    ///   - secure: The proxy for `https:` addresses.
    ///   - exceptions: Hosts that are reached directly, separated by commas.
    public init(plain: String?, secure: String?, exceptions: String = "") {
        self.plain = plain
        self.secure = secure
        self.exceptions = exceptions
    }

    /// The proxies of `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, in lower or upper case.
    ///
    /// `HTTP_PROXY` does not count: a CGI program would take it from the header field `Proxy` of a request.
    ///
    /// - Parameter environment: The variables.
    public init(environment: [String: String]) {
        func first(_ names: String...) -> String? {
            names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        let any = first("all_proxy", "ALL_PROXY")
        self.init(
            plain: first("http_proxy") ?? any,
            secure: first("https_proxy", "HTTPS_PROXY") ?? any,
            exceptions: first("no_proxy", "NO_PROXY") ?? ""
        )
    }

    /// The proxy for an address; `nil` for none.
    func proxy(for url: String) -> String? { url.hasPrefix("https:") ? secure : plain }

    /// The exceptions with this machine among them.
    var allExceptions: String {
        exceptions == "*" ? "*" : (exceptions.isEmpty ? "" : exceptions + ",") + "localhost,127.0.0.1,::1"
    }
}
