import Foundation
import LocalPostgres
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

@testable import LogicalBackup

@Suite("The timeouts of a backup", .tags(.server))
struct PinnedTimeoutTests {
    /// Settings that end whatever an application forgot, and a backup too, where it does not pin its own.
    @Test(.scratchDatabase) func `are its own, whatever the role's are`() async throws {
        let scratch = try ScratchDatabase.current
        let session = try await scratch.session()
        try await session.executeScript(
            """
            create table public.large as select n, repeat(md5(n::text), 8) as body from generate_series(1, 200000) n;
            alter role postgres in database \(scratch.name) set statement_timeout = '50ms';
            alter role postgres in database \(scratch.name) set lock_timeout = '1ms';
            alter role postgres in database \(scratch.name) set idle_in_transaction_session_timeout = '100ms';
            alter role postgres in database \(scratch.name) set idle_session_timeout = '100ms';
            alter role postgres in database \(scratch.name) set tcp_user_timeout = '10ms';
            """)
        let hostile = try await scratch.session()
        await #expect(throws: PostgresError.self) { try await hostile.execute("select pg_sleep(0.3)") }

        let repository = try ScratchRepository()
        let manifest = try await repository.backUp(
            scratch.settings, load: ServerLoad(pace: ReceivingPace(rate: 30_000_000)))
        #expect(try manifest.table("large").rows == 200_000)
        let second = try await repository.backUp(scratch.settings)
        #expect(try second.summary().comparison == .identity)
    }

    @Test(.scratchDatabase, arguments: [PinnedTimeouts.leader, .worker])
    func `stand in the session and in its transaction`(timeouts: PinnedTimeouts) async throws {
        let session = try await ScratchDatabase.current.session()
        try await timeouts.pin(session)
        let sql: Query = """
            select current_setting('idle_in_transaction_session_timeout'), current_setting('statement_timeout'),
              current_setting('client_connection_check_interval'), current_setting('lock_timeout')
            """
        #expect(try await session.query(sql).first?[0] == timeouts.rawValue)
        try await session.execute("begin")
        try await session.executeScript("set local idle_in_transaction_session_timeout = 0")
        try await timeouts.pinLocally(session)
        let row = try await session.query(sql).first
        #expect(row?[0] == timeouts.rawValue)
        #expect([row?[1], row?[2], row?[3]] == ["6h", "10s", "30s"])
    }

    /// Nothing is sent while the server computes: it has to look whether anybody is there.
    @Test(.scratchDatabase) func `end a session whose client was killed while the server computed`() async throws {
        let scratch = try ScratchDatabase.current
        let session = try await scratch.session()
        try await session.execute("create table public.held (n int)")
        let psql = try #require(try await ThrowawayServer.binaries.psql)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: psql)
        process.arguments = [
            "-X", "-c", PinnedTimeouts.worker.script(for: session.serverVersion.major, scope: ""),
            "-c", "begin; lock table public.held in access share mode; select pg_sleep(600)",
        ]
        process.environment = ProcessInfo.processInfo.environment.merging(scratch.settings.environment) { $1 }
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let held: Query = """
            select count(*)::text from pg_locks where relation = 'public.held'::regclass and mode = 'AccessShareLock'
              and pid <> pg_backend_pid()
            """
        func isHeld(_ count: String, within seconds: Int) async throws -> Bool {
            for _ in 0..<(seconds * 20) {
                if try await session.query(held).first?[0] == count { return true }
                try await Task.sleep(for: .milliseconds(50))
            }
            return false
        }
        #expect(try await isHeld("1", within: 20))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(try await isHeld("0", within: 20))
    }

    @Test func `reach pg_dump by its options, beside those that it has`() {
        let options = PinnedTimeouts.options(adding: "-c geqo=off")
        #expect(options.hasPrefix("-c geqo=off -c client_connection_check_interval=10s"))
        #expect(!PinnedTimeouts.options(adding: nil).hasPrefix(" "))
        #expect(PinnedTimeouts.leader.script(for: 17, scope: "").contains("transaction_timeout"))
        #expect(!PinnedTimeouts.leader.script(for: 15, scope: "").contains("set transaction_timeout"))
    }
}
