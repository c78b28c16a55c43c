import FoundationEssentials
import Synchronization
import Testing

@testable import ProjectHealth

@Suite("The health server", .serialized)
struct HealthServerTests {
    @Test func `the paths answer with the document or the numbers, and nothing else is there`() async throws {
        try await ServedHealth.run { port, _ in
            for path in ["/health", "/api/health", "/health?probe=1"] {
                let answer = try await RawClient.get(path, port: port)
                #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
                #expect(answer.contains("Content-Type: application/json\r\n"))
                #expect(answer.contains(#""database":"connected""#))
            }
            let metrics = try await RawClient.get("/metrics", port: port)
            #expect(metrics.hasPrefix("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4"))
            #expect(metrics.contains("\nwheels_db_healthy 1\n"))
            for path in ["/", "/healthz", "/health/", "/../etc/passwd", "/%2e"] {
                #expect(try await RawClient.get(path, port: port).hasPrefix("HTTP/1.1 404 "), "\(path)")
            }
        }
    }

    @Test func `a degraded project answers 503, and its numbers still 200`() async throws {
        try await ServedHealth.run { port, served in
            served.degrade("is gone")
            #expect(try await RawClient.get("/health", port: port).hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
            #expect(try await RawClient.get("/health", port: port).contains(#""error":"database: is gone""#))
            let metrics = try await RawClient.get("/metrics", port: port)
            #expect(metrics.hasPrefix("HTTP/1.1 200 ") && metrics.contains("wheels_db_healthy 0"))
        }
    }

    @Test func `HEAD is GET without a body, and other methods are refused with what is allowed`() async throws {
        try await ServedHealth.run { port, _ in
            let head = try await RawClient.get("/health", port: port, method: "HEAD")
            let length =
                try await RawClient.get("/health", port: port).split(separator: "\r\n\r\n").last?.utf8.count ?? 0
            #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n") && head.hasSuffix("\r\n\r\n"))
            #expect(head.contains("Content-Length: \(length)\r\n"))
            let post = try await RawClient.ask(
                "POST /health HTTP/1.1\r\nContent-Length: 100000\r\n\r\n\(String(repeating: "x", count: 50_000))",
                port: port)
            #expect(post.hasPrefix("HTTP/1.1 405 ") && post.contains("Allow: GET, HEAD\r\n"))
        }
    }

    @Test func `a storm of requests costs one report`() async throws {
        try await ServedHealth.run(makingTakes: .milliseconds(200)) { port, served in
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        var last = ""
                        for _ in 0..<50 { last = try await RawClient.get("/metrics", port: port) }
                        return last
                    }
                }
                for try await answer in group { #expect(answer.hasPrefix("HTTP/1.1 200 ")) }
            }
            #expect(served.made == 1)
        }
    }

    @Test func `a report that is too old is made anew`() async throws {
        var options = ServerOptions()
        options.cacheTime = .milliseconds(1)
        try await ServedHealth.run(options) { port, served in
            _ = try await RawClient.get("/health", port: port)
            try await Task.sleep(for: .milliseconds(5))
            _ = try await RawClient.get("/health", port: port)
            #expect(served.made == 2)
        }
    }

    @Test func `a client that never ends its request is let go, and others are served meanwhile`() async throws {
        var options = ServerOptions()
        options.requestTime = .milliseconds(300)
        try await ServedHealth.run(options) { port, _ in
            let slow = try RawClient(port: port)
            slow.say("GET /health HTTP/1.1\r\nX: ")
            #expect(try await RawClient.get("/health", port: port).hasPrefix("HTTP/1.1 200 "))
            let begin = ContinuousClock.now
            #expect(try await slow.hear().isEmpty)
            #expect(.now - begin < .seconds(10))
        }
    }

    @Test func `more clients than the limit push out those that ask nothing`() async throws {
        var options = ServerOptions()
        options.connectionLimit = 8
        options.requestTime = .seconds(60)
        try await ServedHealth.run(options) { port, _ in
            let silent = try (0..<40).map { _ in try RawClient(port: port) }
            let begin = ContinuousClock.now
            #expect(try await RawClient.get("/health", port: port).hasPrefix("HTTP/1.1 200 "))
            #expect(.now - begin < .seconds(10))
            #expect(try await silent[0].hear() == "")
        }
    }

    @Test func `requests in a row on one connection get the first answer, whole`() async throws {
        try await ServedHealth.run { port, _ in
            let answer = try await RawClient.ask(
                String(repeating: "GET /health HTTP/1.1\r\nHost: x\r\n\r\n", count: 100), port: port)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.hasSuffix("}\n"))
            #expect(answer.contains("Connection: close\r\n"))
        }
    }

    @Test func `garbage, huge heads and half requests leave the server well`() async throws {
        try await ServedHealth.run { port, _ in
            var generator = SystemRandomNumberGenerator()
            for round in 0..<200 {
                let client = try RawClient(port: port)
                let count = Int.random(in: 0...2_000)
                var bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
                if round % 3 == 0 { bytes = Array("GET /health HTTP/1.1\r\n".utf8) + bytes }
                client.say(bytes)
            }
            let huge = "GET /health HTTP/1.1\r\nX: \(String(repeating: "a", count: 20_000))\r\n\r\n"
            #expect(try await RawClient.ask(huge, port: port).hasPrefix("HTTP/1.1 431 "))
            #expect(try await RawClient.get("/health", port: port).hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func `a client whose request waits when the server stops gets an answer`() async throws {
        let waiting = Mutex<RawClient?>(nil)
        try await ServedHealth.run(makingTakes: .seconds(20)) { port, served in
            let client = try RawClient(port: port)
            client.say("GET /health HTTP/1.1\r\n\r\n")
            while served.made == 0 { try await Task.sleep(for: .milliseconds(2)) }
            waiting.withLock { $0 = client }
        }
        let client = try #require(waiting.withLock { $0 })
        #expect(try await client.hear().hasPrefix("HTTP/1.1 503 "))
    }

    @Test func `a port that is taken is an error that names it`() async throws {
        try await ServedHealth.run { port, _ in
            let second = HealthServer(address: ServerAddress(host: "127.0.0.1", port: port)) {
                HealthReport(timestamp: .now, services: [], version: "1")
            }
            let error = await #expect(throws: ServerError.self) { try await second.run() }
            #expect(error?.summary.contains("127.0.0.1:\(port)") == true)
        }
    }
}
