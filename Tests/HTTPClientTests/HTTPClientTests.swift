import Diagnostics
import Foundation
import HTTPClient
import ObjectStoreTesting
import Testing

private func address(_ server: FaultProxy, _ path: String = "/") -> String { "http://127.0.0.1:\(server.port)\(path)" }

private func error(_ body: () throws -> Void) -> HTTPError? {
    #expect(throws: HTTPError.self) { try body() }
}

private struct Stop: Error {}

@Suite("HTTP client")
struct HTTPClientTests {
    @Test(arguments: ["GET", "HEAD", "PUT", "POST", "DELETE"])
    func `method, path, fields and body arrive, and so does the answer`(method: String) throws {
        let server = try FaultProxy(before: nil) { request in
            .answer(request.method == "HEAD" ? 204 : 207, fields: ["X-One: a", "x-one:  b "], body: [])
        }
        let body = [UInt8](repeating: 7, count: ["PUT", "POST"].contains(method) ? 3_000_000 : 0)
        let request = HTTPRequest(method, address(server, "/a/%20b?c=%2F"), fields: [.init("x-test", "value")])
        let client = HTTPClient(options: HTTPClientOptions(userAgent: "wheels-db/test"))
        let (response, answer) = try unsafe client.send(request, body: body.isEmpty ? nil : body.span.bytes)
        #expect(response.status == (method == "HEAD" ? 204 : 207) && response.isSuccess && answer.isEmpty)
        #expect(response["X-ONE"] == "a, b")
        let seen = try #require(server.requests.first)
        #expect(seen.method == method && seen.target == "/a/%20b?c=%2F" && seen.length == body.count)
        #expect(seen.fields["x-test"] == "value" && seen.fields["user-agent"] == "wheels-db/test")
        #expect(seen.fields["expect"] == nil && seen.fields["content-type"] == nil)
    }

    @Test func `an empty body is a body`() throws {
        let server = try FaultProxy(before: nil) { _ in .answer(200) }
        let none: [UInt8] = []
        _ = try unsafe HTTPClient().send(HTTPRequest("POST", address(server)), body: none.span.bytes)
        #expect(server.requests.first?.fields["content-length"] == "0")
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func `a redirect is an answer and is not followed`(status: Int) throws {
        let server = try FaultProxy(before: nil) { _ in .answer(status, fields: ["Location: /elsewhere"]) }
        let (response, _) = try HTTPClient().send(HTTPRequest("GET", address(server)))
        #expect(response.status == status && response["location"] == "/elsewhere")
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [400, 403, 404, 500, 503])
    func `a bad status is an answer with its body`(status: Int) throws {
        let server = try FaultProxy(before: nil) { _ in .answer(status, body: Array("why".utf8)) }
        let (response, body) = try HTTPClient().send(HTTPRequest("GET", address(server)))
        #expect(response.status == status && !response.isSuccess && body == Array("why".utf8))
    }

    @Test func `a closed port is no connection, and the request did not arrive`() throws {
        let port = try FaultProxy(before: nil) { _ in .none }.port
        let found = error { _ = try HTTPClient().send(HTTPRequest("GET", "http://127.0.0.1:\(port)/")) }
        #expect(found?.kind == .noConnection && found?.mayHaveArrived == false && found?.isPassing == true)
        #expect(found?.failureClass == .unreachable && found?.authority == "127.0.0.1:\(port)")
    }

    @Test func `a name that nobody knows is an unknown host`() throws {
        let found = error { _ = try HTTPClient().send(HTTPRequest("GET", "https://u:p@wheels.invalid/?secret=1")) }
        #expect(found?.kind == .unknownHost && found?.summary.contains("wheels.invalid") == true)
        #expect(found?.description.contains("secret") == false && found?.description.contains("u:p") == false)
    }

    @Test func `a server that says nothing is left after the time for silence`() throws {
        let silent = try FaultProxy(before: nil) { _ in .answer(200) }
        let server = try FaultProxy(before: silent.port) { _ in .silence }
        let client = HTTPClient(options: HTTPClientOptions(stallTimeout: .seconds(1)))
        let found = error { _ = try client.send(HTTPRequest("GET", address(server))) }
        #expect(found?.kind == .timeout && found?.mayHaveArrived == true && found?.isPassing == true)
        let whole = HTTPClient(options: HTTPClientOptions(wholeTimeout: .milliseconds(200)))
        #expect(error { _ = try whole.send(HTTPRequest("GET", address(server))) }?.kind == .timeout)
    }

    @Test func `a connection that breaks is broken, and an answer that ends early is truncated`() throws {
        let answer = [UInt8](repeating: 1, count: 100_000)
        let origin = try FaultProxy(before: nil) { _ in .answer(200, body: answer) }
        let breaking = try FaultProxy(before: origin.port) { _ in .loseAnswer }
        let broken = error { _ = try HTTPClient().send(HTTPRequest("GET", address(breaking))) }
        #expect(broken?.kind == .broken && broken?.mayHaveArrived == true)
        let cutting = try FaultProxy(before: origin.port) { _ in .cutAnswer(after: 1_000) }
        let truncated = error { _ = try HTTPClient().send(HTTPRequest("GET", address(cutting))) }
        #expect(truncated?.kind == .truncated && truncated?.isPassing == true)
    }

    @Test func `an answer that is too long is not kept, and the next exchange is none the worse`() throws {
        let server = try FaultProxy(before: nil) { _ in .answer(200, body: [UInt8](repeating: 1, count: 100_000)) }
        let client = HTTPClient()
        #expect(error { _ = try client.send(HTTPRequest("GET", address(server)), limit: 99_999) }?.kind == .tooLong)
        #expect(try client.send(HTTPRequest("GET", address(server)), limit: 100_000).body.count == 100_000)
    }

    @Test func `what a receiver throws ends the exchange and comes back`() throws {
        let server = try FaultProxy(before: nil) { _ in .answer(200, body: [UInt8](repeating: 1, count: 5_000_000)) }
        var received = 0
        #expect(throws: Stop.self) {
            _ = try HTTPClient().send(HTTPRequest("GET", address(server)), body: nil) { response, bytes in
                #expect(response.status == 200 && response["content-length"] == "5000000")
                received += bytes.byteCount
                if received > 100_000 { throw Stop() }
            }
        }
        #expect(received > 100_000 && received < 5_000_000)
    }

    @Test(arguments: ["a\r\nb: c", "a\nb", "a\0b"])
    func `a field that would begin another one is refused`(value: String) throws {
        let server = try FaultProxy(before: nil) { _ in .answer(200) }
        let request = HTTPRequest("GET", address(server), fields: [.init("x-test", value)])
        #expect(error { _ = try HTTPClient().send(request) }?.kind == .badRequest)
        #expect(server.requests.isEmpty)
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "nonsense", ""])
    func `only HTTP is spoken`(url: String) {
        let found = error { _ = try HTTPClient().send(HTTPRequest("GET", url)) }
        #expect(found.map { [.badRequest, .unknownHost].contains($0.kind) } == true)
    }

    @Test func `many threads may ask one client`() async throws {
        let server = try FaultProxy(before: nil) { request in .answer(200, body: Array(request.target.utf8)) }
        let client = HTTPClient()
        await withTaskGroup { group in
            for task in 0..<4 {
                group.addTask {
                    for number in 0..<10 {
                        let path = "/\(task)/\(number)"
                        let body = try? client.send(HTTPRequest("GET", address(server, path))).body
                        #expect(body == Array(path.utf8))
                    }
                }
            }
        }
        #expect(server.requests.count == 40)
    }
}
