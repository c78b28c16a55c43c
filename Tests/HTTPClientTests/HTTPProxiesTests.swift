import HTTPClient
import ObjectStoreTesting
import Testing

@Suite("Proxies")
struct HTTPProxiesTests {
    @Test func `the usual variables name them, lower case first`() {
        let environment = [
            "http_proxy": "http://a:1", "https_proxy": "http://b:2", "HTTPS_PROXY": "http://c:3",
            "NO_PROXY": "x.example",
        ]
        let proxies = HTTPProxies(environment: environment)
        #expect(proxies == HTTPProxies(plain: "http://a:1", secure: "http://b:2", exceptions: "x.example"))
        #expect(HTTPProxies(environment: [:]) == .none)
        #expect(HTTPProxies(environment: ["HTTP_PROXY": "http://evil:1", "https_proxy": ""]) == .none)
        let all = HTTPProxies(environment: ["ALL_PROXY": "http://d:4"])
        #expect(all == HTTPProxies(plain: "http://d:4", secure: "http://d:4"))
    }

    @Test func `a request goes to the proxy, and one to this machine does not`() throws {
        let proxy = try FaultProxy(before: nil) { _ in .answer(200, body: Array("proxy".utf8)) }
        let server = try FaultProxy(before: nil) { _ in .answer(200, body: Array("server".utf8)) }
        let address = "http://127.0.0.1:\(proxy.port)"
        let client = HTTPClient(options: HTTPClientOptions(environment: ["http_proxy": address]))
        let far = try client.send(HTTPRequest("GET", "http://far.example/a?b=c"))
        #expect(far.body == Array("proxy".utf8))
        #expect(proxy.requests.map(\.target) == ["http://far.example/a?b=c"])
        let near = try client.send(HTTPRequest("GET", "http://127.0.0.1:\(server.port)/a"))
        #expect(near.body == Array("server".utf8))
        let except = HTTPClient(
            options: HTTPClientOptions(
                connectTimeout: .seconds(5),
                proxies: HTTPProxies(plain: address, secure: nil, exceptions: "nowhere.invalid")))
        let error = #expect(throws: HTTPError.self) { try except.send(HTTPRequest("GET", "http://nowhere.invalid/")) }
        #expect(error?.kind == .unknownHost)
        #expect(proxy.requests.count == 1)
    }

    @Test func `certificates come from the variables that name a file of them`() {
        #expect(HTTPClientOptions(environment: ["SSL_CERT_FILE": "/a"]).certificateFile == "/a")
        #expect(HTTPClientOptions(environment: ["SSL_CERT_FILE": "/a", "AWS_CA_BUNDLE": "/b"]).certificateFile == "/b")
        #expect(HTTPClientOptions(environment: ["AWS_CA_BUNDLE": ""]).certificateFile == nil)
    }
}
