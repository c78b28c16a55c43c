public import Diagnostics

/// Where a server listens: a port of this machine, or host and port.
public struct ServerAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address or name of the host; loopback unless one is given.
    public let host: String
    /// The port; 0 lets the system choose.
    public let port: Int

    /// Reads `PORT`, `HOST:PORT` or `[IPv6]:PORT`.
    ///
    /// - Parameter text: The text; `nil` is the result for anything else.
    public init?(_ text: String) {
        let colon = text.lastIndex(of: ":")
        let port = colon.map { text[text.index(after: $0)...] } ?? text[...]
        var host = colon.map { text[..<$0] } ?? "127.0.0.1"
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, port.allSatisfy({ $0.isASCII && $0.isNumber }), let number = UInt16(port) else {
            return nil
        }
        self.init(host: String(host), port: Int(number))
    }

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Host and port as they stand in a URL.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// A server that cannot listen.
public struct ServerError: ExplainedError, Hashable {
    /// Where it was to listen.
    public let address: ServerAddress
    let reason: String

    /// The stable name for scripts.
    public var code: String { "health.cannot-serve" }
    /// Where, and why not.
    public var summary: String { "Cannot listen on \(address): \(reason)." }
    /// Another port.
    public var remedy: Remedy? { Remedy("Stop what listens there, or give another port with --serve.") }
}
