/// What arrives during one exchange; libcurl's callbacks find it by its address.
final class CurlExchange {
    private(set) var response = HTTPResponse(status: 0)
    /// What the receiver threw, which ended the exchange.
    private(set) var thrown: (any Error)?
    private var receive: ((HTTPResponse, RawSpan) throws -> Void)?

    func begin(_ receive: @escaping (HTTPResponse, RawSpan) throws -> Void) {
        response = HTTPResponse(status: 0)
        thrown = nil
        self.receive = receive
    }

    func end() { receive = nil }

    func takeHead(_ line: String) {
        response.take(line: line)
    }

    /// Hands over bytes of the body.
    ///
    /// - Returns: Whether the exchange goes on.
    func takeBody(_ bytes: RawSpan) -> Bool {
        do {
            try receive?(response, bytes)
            return true
        } catch {
            thrown = error
            return false
        }
    }
}
