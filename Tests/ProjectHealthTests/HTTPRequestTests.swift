import Testing

@testable import ProjectHealth

@Suite("Requests over HTTP")
struct HTTPRequestTests {
    private func read(_ text: String) -> HTTPRequest.Reading { HTTPRequest.read(Array(text.utf8)) }

    @Test func `a request is whole at its empty line`() {
        let whole = HTTPRequest.Reading.complete(HTTPRequest(method: "GET", path: "/health"))
        #expect(read("GET /health?x=1 HTTP/1.1\r\nHost: a\r\n\r\n") == whole)
        #expect(read("GET /health HTTP/1.0\n\n") == whole)
        #expect(read("GET /health HTTP/1.1\r\nHost: a\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n") == whole)
        let text = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
        for count in 0..<text.utf8.count {
            #expect(HTTPRequest.read(Array(text.utf8.prefix(count))) == .incomplete, "\(count)")
        }
    }

    @Test(arguments: [
        "\r\n\r\n", "GET\r\n\r\n", "GET /\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n", "GET http://x/ HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET / HTTP/1.1\r\n: x\r\n\r\n", "\u{16}\u{3}\u{1}",
        "GET / HTTQ/1.1\r\n\r\n",
        "G(T / HTTP/1.1\r\n\r\n", String(repeating: "A", count: 40),
    ])
    func `what is no request is refused`(text: String) { #expect(read(text) == .refused(.badRequest)) }

    @Test func `another version and too long a head are refused`() {
        #expect(read("GET / HTTP/2.0\r\n\r\n") == .refused(.versionNotSupported))
        let long = "GET / HTTP/1.1\r\nX: \(String(repeating: "a", count: 9_000))"
        #expect(read(long) == .refused(.headersTooLarge))
        #expect(read(long + "\r\n\r\n") == .refused(.headersTooLarge))
    }

    @Test func `random bytes never crash the reader, and never are a request`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...300)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            if case .complete = HTTPRequest.read(bytes) { Issue.record("\(bytes)") }
        }
    }

    @Test(arguments: [
        ("9188", "127.0.0.1:9188"), ("0.0.0.0:80", "0.0.0.0:80"), ("[::1]:0", "[::1]:0"),
        ("localhost:1", "localhost:1"),
    ])
    func `an address is a port, or host and port`(text: String, address: String) {
        #expect(ServerAddress(text)?.description == address)
    }

    @Test(arguments: ["", "x", "80:x", "65536", "-1", ":80", "::1:80", "host:"])
    func `what is no address is none`(text: String) { #expect(ServerAddress(text) == nil) }
}
