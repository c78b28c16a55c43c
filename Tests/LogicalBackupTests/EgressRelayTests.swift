import Foundation
import LocalPostgres
import PostgresClient
import PostgresTesting
import Synchronization
import Testing

@testable import LogicalBackup

@Suite("The relay that counts what pg_dump receives", .tags(.server))
struct EgressRelayTests {
    @Test(.scratchDatabase) func `counts the bytes of a dump over a Unix socket and over TCP`() async throws {
        let scratch = try ScratchDatabase.current
        for settings in [scratch.settings, scratch.server.tcpSettings(database: scratch.name)] {
            let (status, bytes, output) = try await Self.dump(settings)
            #expect(status == 0)
            #expect(output.contains("CREATE SCHEMA auth"))
            // Most of it are rows of system catalogs.
            #expect((100_000..<5_000_000).contains(bytes), "\(bytes) bytes")
        }
    }

    @Test(.scratchDatabase) func `passes bytes both ways, whole and in order`() async throws {
        let settings = try await ScratchDatabase.current.session().settingsInUse
        let row = String(repeating: "0123456789abcdef", count: 4_096)
        let copy = "copy (select '\(row)' from generate_series(1, 200)) to stdout"
        let outcome = try await Self.psql(settings, ["-c", copy])
        let isWhole = outcome.output == String(repeating: row + "\n", count: 200)
        #expect(isWhole, "\(outcome.errors)")
        // A statement that is longer than what the relay holds at once.
        let long = String(repeating: "x", count: 1_000_000)
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).sql")
        defer { try? FileManager.default.removeItem(at: file) }
        try "select length('\(long)')".write(to: file, atomically: true, encoding: .utf8)
        #expect(try await Self.psql(settings, ["-f", file.path]).output == "1000000\n")
    }

    /// Certificates, channel binding and passwords are between pg_dump and the server; the relay only carries them.
    @Test func `leaves TLS with a verified name and SCRAM with channel binding as they are`() async throws {
        try await withThrowawayServer(binaries: ThrowawayServer.binaries) { server in
            let admin = try await Session.connect(to: server.settings(user: "supabase_admin"))
            let certificate = """
                openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
                -keyout server.key -out server.crt 2>&1
                """
            try await admin.execute("copy (select 1) to program \(literal: certificate)")
            try await admin.execute("alter system set ssl = on")
            try await admin.execute("select pg_reload_conf()")
            await admin.close()
            let settings = server.tcpSettings(database: "postgres").setting("host", to: "localhost")
                .setting("sslmode", to: "verify-full").setting("channel_binding", to: "require")
                .setting("sslrootcert", to: server.dataDirectory + "/server.crt")
            let session = try await Session.connect(to: settings, retry: RetryPolicy(limit: .seconds(10)))
            #expect(await session.usesTLS)
            let inUse = await session.settingsInUse
            #expect(inUse.keywords["host"] == "localhost")
            #expect(inUse.keywords["hostaddr"]?.isEmpty == false)
            let ssl = "select ssl from pg_stat_ssl where pid = pg_backend_pid()"
            #expect(try await Self.psql(inUse, ["-c", ssl]).output == "t\n")
            // Another name is refused, as it is without the relay.
            let other = inUse.setting("host", to: "elsewhere")
            #expect(try await Self.psql(other, ["-c", ssl]).errors.contains("does not match host name"))
            await session.close()
        }
    }

    @Test(.scratchDatabase) func `takes nobody but its child`() async throws {
        let session = try await ScratchDatabase.current.session()
        _ = try await EgressRelay.relaying(session.settingsInUse) { relay in
            relay.admit(1)
            let error = await #expect(throws: PostgresError.self) {
                _ = try await Session.connect(to: relay.settings.setting("connect_timeout", to: "5"))
            }
            #expect(error?.kind == .cannotConnect)
            #expect(relay.receivedBytes == 0)
            relay.admit(ProcessInfo.processInfo.processIdentifier)
            let own = try await Session.connect(to: relay.settings)
            #expect(try await own.query("select 1")[0][0] == "1")
            await own.close()
            #expect(relay.receivedBytes > 0)
        }
    }

    @Test(.scratchDatabase) func `ends with its child, and the server hears of it`() async throws {
        let scratch = try ScratchDatabase.current
        let session = try await scratch.session()
        let settings = await session.settingsInUse
        let started = ContinuousClock.now
        let child = Child()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                _ = try await EgressRelay.relaying(settings) { relay in
                    try await Self.run("psql", ["-c", "select pg_sleep(600)"], relay.settings) { process in
                        child.pid.withLock { $0 = process }
                        relay.admit(process)
                    }
                }
            }
            try await Self.waitForSleepers(1, in: session)
            kill(child.pid.withLock { $0 }, SIGKILL)
            try await group.waitForAll()
        }
        // The relay is gone at once; the server's process follows when it looks at its client.
        #expect(ContinuousClock.now - started < .seconds(300))
        try await Self.endSleepers(session)
    }

    @Test(.scratchDatabase) func `is cancelled with its task`() async throws {
        let scratch = try ScratchDatabase.current
        let session = try await scratch.session()
        let settings = await session.settingsInUse
        let started = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await Self.psql(settings, ["-c", "select pg_sleep(600)"]) }
            try await Self.waitForSleepers(1, in: session)
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(ContinuousClock.now - started < .seconds(300))
        try await Self.endSleepers(session)
    }

    @Test func `says why the server cannot be reached`() async throws {
        let (listener, port) = try RelaySocket.listening()
        _ = consume listener
        let settings = ConnectionSettings(keywords: ["host": "here", "hostaddr": "127.0.0.1", "port": "\(port)"])
        let failure = try await EgressRelay.relaying(settings) { relay in
            _ = try await Self.run("psql", ["-c", "select 1"], relay.settings) { relay.admit($0) }
            return relay.failure.map { "\($0)" }
        }
        #expect(failure == "connect: Connection refused")
    }

    @Test func `knows the owner of a connection from the kernel's table`() {
        let table = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000   106        0 2001 1 0000 100 0
               1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 2002 1 0000 20 4
            """
        let owner = RelayPeer.owner(from: 50_000, to: 8_080, in: table)
        #expect(owner?.user == 1_000)
        #expect(owner?.inode == "2002")
        #expect(RelayPeer.owner(from: 50_000, to: 8_081, in: table) == nil)
        #expect(RelayPeer.owner(from: 8_080, to: 50_000, in: table) == nil)
    }

    @Test func `reads numeric addresses of both versions, and paths`() {
        #expect(SocketAddress.numeric("127.0.0.1", port: 5_432)?.port == 5_432)
        #expect(SocketAddress.numeric("::1", port: 5_432)?.family == AF_INET6)
        #expect(SocketAddress.numeric("example.com", port: 5_432) == nil)
        #expect(SocketAddress.unix("/tmp/.s.PGSQL.5432")?.family == AF_UNIX)
        #expect(SocketAddress.unix(String(repeating: "x", count: 200)) == nil)
    }

    private static let sleepers = """
        from pg_stat_activity where query ~ 'pg_sleep' and state = 'active' and pid <> pg_backend_pid()
          and datname = current_database()
        """

    /// What a server's process does when its client is gone it notices late.
    private static func endSleepers(_ session: Session) async throws {
        try await session.execute(Query(unsafeSQL: "select pg_terminate_backend(pid) \(sleepers)"))
    }

    private static func waitForSleepers(_ count: Int, in session: Session) async throws {
        let sql = Query(unsafeSQL: "select count(*)::text \(sleepers)")
        while try await session.query(sql).first?[0] != "\(count)" { try await Task.sleep(for: .milliseconds(20)) }
    }

    /// A dump through the relay: how it ended, what came, what it wrote.
    private static func dump(_ settings: ConnectionSettings) async throws -> (Int32, Int, String) {
        let session = try await ScratchDatabase.current.session(to: settings)
        let result = try await EgressRelay.relaying(session.settingsInUse) { relay in
            let outcome = try await run("pg_dump", ["-s"], relay.settings) { relay.admit($0) }
            return (outcome.status, relay.receivedBytes, outcome.output)
        }
        return try #require(result)
    }

    private static func psql(
        _ settings: ConnectionSettings,
        _ arguments: [String]
    ) async throws -> ChildProgram.Outcome {
        let outcome = try await EgressRelay.relaying(settings) { relay in
            try await run("psql", ["-XqAt"] + arguments, relay.settings) { relay.admit($0) }
        }
        return try #require(outcome)
    }

    private static func run(
        _ program: String,
        _ arguments: [String],
        _ settings: ConnectionSettings,
        onStart: @escaping @Sendable (Int32) -> Void
    ) async throws -> ChildProgram.Outcome {
        let path = try await ThrowawayServer.binaries.directory + "/" + program
        let environment = ScratchRepository.environment.merging(settings.environment) { $1 }
        return try await ChildProgram.run(path, arguments, environment: environment, onStart: onStart)
    }
}

/// The process that a test has started.
private final class Child: Sendable {
    let pid = Mutex<Int32>(0)
}
