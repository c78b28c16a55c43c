import Foundation
import LocalPostgres
import PostgresClient
import PostgresTesting
import Testing

@Suite("health", .tags(.server))
struct HealthTests {
    private func services(_ outcome: WheelsProgram.Outcome) throws -> [String: String] {
        try outcome.json()["services"] as? [String: String] ?? [:]
    }

    @Test(.scratchDatabase) func `the document has the promised keys, and a healthy project ends with 0`() async throws
    {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        let outcome = try await work.run(["health", "--json"], on: settings)
        #expect(outcome.status == 0, "\(outcome)")
        let document = try outcome.json()
        #expect(Set(document.keys) == ["schema", "status", "timestamp", "services", "version"])
        #expect(document["status"] as? String == "healthy")
        #expect(document["schema"] as? String == "wheels-db/health/v1")
        let services = try services(outcome)
        #expect(services["database"] == "connected")
        #expect(services["migrations"] == "not checked" && services["policies"] == "not checked")
        #expect(services["backups"] == "not configured")
        #expect(services["connections"]?.contains(" of ") == true)
    }

    @Test(.scratchDatabase) func `what is pending, missing and old is told, and ends with 2`() async throws {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        try work.write("create table public.one (id int);", to: "migrations/20260101000000_one.sql")
        #expect(try await work.makeRepository().status == 0)
        let repository = ["--repository", work.repository.path]
        let before = try await work.run(["health", "--json"] + repository, on: settings)
        #expect(before.status == 2, "\(before)")
        #expect(try services(before)["migrations"] == "1 pending")
        #expect(try services(before)["backups"] == "none")
        let error = try before.json()["error"] as? String ?? ""
        #expect(error.contains("migrations: ") && error.contains("backups: "), "\(before)")
        #expect(try await work.run(["migrate", "up"], on: settings).status == 0)
        #expect(try await work.backUp(settings).status == 0)
        let after = try await work.run(["health", "--json"] + repository, on: settings)
        #expect(after.status == 0, "\(after)")
        #expect(try services(after)["migrations"] == "current")
        try work.write("recovery: { point: 0s }\n", to: "wheels-db.yml")
        try await Task.sleep(for: .seconds(1.1))
        #expect(try await work.run(["health"] + repository, on: settings).status == 2)
    }

    @Test(.appDatabase) func `policies that are not what the files say are told`() async throws {
        let work = try Workplace()
        let scratch = try ScratchDatabase.current
        try work.write(
            """
            alter table public.profiles enable row level security;
            grant select on public.profiles to authenticated;
            """, to: "policies/profiles.sql")
        let outcome = try await work.run(["health", "--json"], on: scratch.settings)
        #expect(outcome.status == 2, "\(outcome)")
        #expect(try services(outcome)["policies"]?.hasSuffix("differ") == true, "\(outcome)")
    }

    @Test func `a database that does not answer ends with 14, and the password is nowhere`() async throws {
        let work = try Workplace()
        let settings = ConnectionSettings(keywords: [
            "host": "127.0.0.1", "port": "1", "user": "u", "dbname": "d", "password": "hunter2hunter2",
        ])
        let outcome = try await work.run(["health", "--json"], on: settings)
        #expect(outcome.status == 14, "\(outcome)")
        #expect(try services(outcome)["database"] == "unreachable")
        #expect(try services(outcome)["migrations"] == "unknown")
        #expect(try outcome.json()["status"] as? String == "degraded")
        #expect(!(outcome.output + outcome.errors).contains("hunter2"), "\(outcome)")
        #expect(!outcome.output.contains("127.0.0.1"), "\(outcome)")
    }

    @Test func `a server that accepts and says nothing costs no more than the limit`() async throws {
        let silent = try await Task.detached { try SilentServer() }.value
        let work = try Workplace()
        let settings = ConnectionSettings(keywords: [
            "host": "127.0.0.1", "port": String(silent.port), "user": "u", "dbname": "d",
        ])
        let begin = ContinuousClock.now
        let outcome = try await work.run(["health", "--json", "--limit", "1s"], on: settings)
        #expect(outcome.status == 14, "\(outcome)")
        #expect(.now - begin < .seconds(8))
        #expect(try services(outcome)["database"] == "no answer", "\(outcome)")
    }

    @Test(.scratchDatabase) func `other services are asked, and their URLs are not shown`() async throws {
        let work = try Workplace()
        try work.write(
            """
            probes:
              api: { url_from: API_URL, timeout: 1s }
              redis: { url_from: REDIS_URL, timeout: 1s }
              cache: { url_from: CACHE_URL }
            """, to: "wheels-db.yml")
        let settings = try ScratchDatabase.current.settings
        let outcome = try await work.program.run(
            ["health", "--json"],
            adding: [
                "DATABASE_URL": settings.url, "API_URL": "http://127.0.0.1:1/hunter2",
                "REDIS_URL": "redis://:hunter2@127.0.0.1:1",
            ])
        #expect(outcome.status == 2, "\(outcome)")
        #expect(try services(outcome)["api"] == "unhealthy" && services(outcome)["cache"] == "unknown", "\(outcome)")
        #expect(!(outcome.output + outcome.errors).contains("hunter2"), "\(outcome)")
    }

    @Test(.scratchDatabase) func `--serve answers, costs a scrape storm few connections, and stops on SIGTERM with 0`()
        async throws
    {
        let work = try Workplace()
        let scratch = try ScratchDatabase.current
        let run = try work.start(["health", "--serve", "0", "--cache", "60s"], on: scratch.settings)
        let pattern = #/http://127\.0\.0\.1:(\d+)/health/#
        #expect(try await eventually(within: .seconds(20)) { run.errorsSoFar.contains(pattern) })
        let match = try #require(run.errorsSoFar.firstMatch(of: pattern))
        let base = "http://127.0.0.1:\(match.1)"
        let before = try await connections(to: scratch)
        try await withThrowingTaskGroup(of: Int32.self) { group in
            for _ in 0..<20 { group.addTask { try await curl(["-sf", "-o", "/dev/null", "\(base)/metrics"]).status } }
            for try await status in group { #expect(status == 0) }
        }
        #expect(try await connections(to: scratch) - before <= 3)
        let health = try await curl(["-s", "-i", "\(base)/api/health"])
        #expect(health.output.hasPrefix("HTTP/1.1 200 OK") && health.output.contains(#""database":"connected""#))
        let metrics = try await curl(["-s", "\(base)/metrics"]).output
        #expect(metrics.contains("pg_up 1\n") && metrics.contains("pg_settings_max_connections "))
        run.send(SIGTERM)
        let outcome = try await run.outcome()
        #expect(outcome.status == 0, "\(outcome)")
        #expect(!outcome.errors.contains(scratch.settings.password ?? "no password"), "\(outcome)")
    }

    @Test func `--serve of a project without a database answers 503`() async throws {
        let work = try Workplace()
        let settings = ConnectionSettings(keywords: ["host": "127.0.0.1", "port": "1", "user": "u", "dbname": "d"])
        let run = try work.start(["health", "--serve", "127.0.0.1:0"], on: settings)
        let pattern = #/http://127\.0\.0\.1:(\d+)/health/#
        #expect(try await eventually(within: .seconds(20)) { run.errorsSoFar.contains(pattern) })
        let match = try #require(run.errorsSoFar.firstMatch(of: pattern))
        let answer = try await curl(["-s", "-i", "http://127.0.0.1:\(match.1)/health"]).output
        #expect(answer.hasPrefix("HTTP/1.1 503 ") && answer.contains(#""status":"degraded""#), "\(answer)")
        #expect(try await curl(["-s", "http://127.0.0.1:\(match.1)/metrics"]).output.contains("pg_up 0\n"))
        run.send(SIGINT)
        #expect(try await run.outcome().status == 0)
    }

    @Test(arguments: ["", "x", "70000", "1.2.3.4"]) func `an address that is none is a usage error`(text: String)
        async throws
    {
        let settings = ConnectionSettings(keywords: ["host": "127.0.0.1", "port": "1", "user": "u", "dbname": "d"])
        #expect(try await Workplace().run(["health", "--serve", text], on: settings).status == 64)
    }

    /// How many sessions the database has had.
    private func connections(to scratch: ScratchDatabase) async throws -> Int {
        let session = try await scratch.superuserSession()
        let rows = try await session.query("select sessions from pg_stat_database where datname = \(scratch.name)")
        return Int(rows.first?[0] ?? "") ?? -1
    }

    private func curl(_ arguments: [String]) async throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
        process.arguments = ["--max-time", "30"] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        let (ends, tell) = AsyncStream<Int32>.makeStream()
        process.terminationHandler = {
            tell.yield($0.terminationStatus)
            tell.finish()
        }
        try process.run()
        var status: Int32 = -1
        for await end in ends { status = end }
        return (status, String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self))
    }
}

/// Accepts connections in the kernel's queue and never says a word.
private final class SilentServer: Sendable {
    let port: Int
    private let number: Int32

    init() throws {
        number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let number = number
        _ = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                _ = unsafe bind(number, pointer, size)
                _ = listen(number, 8)
                return unsafe getsockname(number, pointer, &size)
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { _ = close(number) }
}
