import Synchronization
import Testing

@testable import ProjectHealth

@Suite("Probes of other services", .serialized)
struct ProbeTests {
    private func probe(_ url: String, timeout: Duration = .seconds(5)) async -> ServiceHealth {
        await Probe(name: "other", url: url, timeout: timeout).run()
    }

    @Test func `a service that answers 200 is healthy, and one that answers 503 is not`() async throws {
        try await ServedHealth.run { port, served in
            let url = "http://user:hunter2@127.0.0.1:\(port)/health"
            let well = await probe(url)
            #expect(well.isHealthy && well.state == "healthy")
            #expect(well.metrics.contains { $0.name == "probe_success" && $0.value == 1 })
            #expect(await probe("http://127.0.0.1:\(port)/nowhere").problem == "answered with status 404.")
            served.degrade("x")
        }
    }

    @Test func `a service that is not there, or says nothing, is found in time and its URL is not shown`() async throws
    {
        let silent = try Listener { _ in "" }
        let url = "redis://:hunter2@127.0.0.1:\(silent.port)"
        let begin = ContinuousClock.now
        let health = await probe(url, timeout: .milliseconds(300))
        #expect(health.problem == "gave no answer in time.")
        #expect(.now - begin < .seconds(3))
        silent.stop()
        let gone = await probe("http://127.0.0.1:1/hunter2")
        #expect(gone.problem == "refuses connections.")
        #expect(await probe("ftp://hunter2").problem == "only http, https and redis URLs can be asked.")
        #expect(await probe("hunter2").problem == "its variable holds no URL.")
    }

    @Test func `Redis is asked PING, after its password`() async throws {
        let heard = Mutex<[String]>([])
        let redis = try Listener { text in
            heard.withLock { $0.append(text) }
            return text.contains("AUTH") ? (text.contains("hun:ter2") ? "+OK\r\n" : "-WRONGPASS no\r\n") : "+PONG\r\n"
        }
        #expect(await probe("redis://127.0.0.1:\(redis.port)/0").isHealthy)
        #expect(await probe("redis://:hun%3Ater2@127.0.0.1:\(redis.port)/0").isHealthy)
        #expect(heard.withLock { $0 }.contains("*2\r\n$4\r\nAUTH\r\n$8\r\nhun:ter2\r\n"))
        #expect(await probe("redis://:wrong@127.0.0.1:\(redis.port)").problem == "refuses the password.")
        redis.stop()
        let http = try Listener { _ in "HTTP/1.1 400 Bad Request\r\n\r\n" }
        #expect(await probe("redis://127.0.0.1:\(http.port)").problem == "gave an answer that is none of its protocol.")
        http.stop()
    }

    @Test func `a probe over TLS to a port without TLS is unhealthy`() async throws {
        let plain = try Listener { _ in "HTTP/1.1 200 OK\r\n\r\n" }
        let health = await probe("https://127.0.0.1:\(plain.port)/hunter2")
        #expect(!health.isHealthy)
        #expect(health.problem?.contains("hunter2") == false)
        plain.stop()
    }
}
