import Diagnostics
import Foundation
import LogicalBackup
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

@testable import LocalPostgres

/// A replica as the source of backups, and its promotion.
@Suite("What has changed, seen by a replica", .tags(.server), .requiresServer)
struct ReplicaNightTests {
    @Test func `it takes over from its primary, and is another server when it is promoted`() async throws {
        try await OwnServer.with { own in
            let primary = try await own.start()
            let replica = try await Self.replica(of: primary)
            do {
                try await Self.nights(own, primary, replica.settings)
                await replica.process.end()
            } catch {
                await replica.process.end()
                throw error
            }
        }
    }

    private static func nights(_ own: OwnServer, _ primary: LocalServer, _ replica: ConnectionSettings) async throws {
        try await own.withNights { try await $0.run("update told.rows set amount = 2 where id = 5") }
        _ = try await own.withNights { try await $0.night("the primary") }
        try await catchUp(own, replica)
        try await own.withNights(of: replica) { nights in
            let manifest = try await nights.night("the replica")
            #expect(try manifest.summary().comparison == .contents && manifest.summary().pagesRead == 0)
        }
        try await own.withNights { try await $0.run("update told.rows set amount = 3 where id = 6") }
        try await catchUp(own, replica)
        try await own.withNights(of: replica) { nights in
            let manifest = try await nights.night("the replica again")
            #expect(try manifest.summary().comparison == .identity)
            #expect(nights.readings["rows"] == .inPart)
        }
        try await own.withNights { try await $0.run("create unlogged table told.unlogged (id int)") }
        try await catchUp(own, replica)
        try await own.withNights(of: replica) { nights in
            // Never left out in silence.
            let error = await #expect(throws: BackupError.self) { try await nights.backUp() }
            #expect(error?.code == "backup.unlogged-on-replica" && error?.failureClass == .refused)
            #expect(error?.summary.contains("told.unlogged") == true)
        }
        try await own.withNights(of: replica.setting("user", to: "supabase_admin")) { nights in
            _ = try await nights.session.query("select pg_promote(true)::text")
        }
        try await own.withNights(of: replica) { nights in
            try await nights.run("drop table told.unlogged; update told.rows set amount = 4 where id = 7")
            #expect(try await nights.night("promoted").summary().comparison == .contents)
            #expect(nights.readings["rows"] == .inPart)
            #expect(try await nights.night("and again").summary().comparison == .identity)
        }
    }

    /// Waits until the replica has all that the primary has committed.
    private static func catchUp(_ own: OwnServer, _ replica: ConnectionSettings) async throws {
        // Under `synchronous_commit = off` a commit is sent when it is on disk.
        let lsn = try await own.withNights { nights in
            try await nights.run(
                "set synchronous_commit = on; select pg_catalog.pg_logical_emit_message(true, 'x', 'x')")
            return try await nights.session.query("select pg_current_wal_lsn()::text").first?[0]
        }
        try await own.withNights(of: replica) { nights in
            let sql = "select (pg_last_wal_replay_lsn() >= '\(lsn ?? "")')::text"
            while try await nights.session.query(Query(unsafeSQL: sql)).first?[0] != "true" {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    /// Starts a replica from a base backup, beside the primary's data.
    private static func replica(
        of primary: LocalServer
    ) async throws -> (process: SupervisedServer, settings: ConnectionSettings) {
        let account = try ServerAccount.forThisProcess()
        let data = primary.dataDirectory + "-of-replica"
        let copy = account.command(
            primary.binaries.directory + "/pg_basebackup",
            [
                "--host", primary.socketDirectory, "--port", "\(primary.port)", "--username", "supabase_admin",
                "--pgdata", data, "--write-recovery-conf", "--checkpoint=fast", "--no-sync",
            ])
        let child = try await offPool { try ChildProcess.run(copy) }
        try #require(child.status == 0, "\(child.errorOutput)")
        let port = try FreePort.probe()
        let command = account.command(
            primary.binaries.postgres, ["-D", data, "-c", "port=\(port)", "-c", "listen_addresses="])
        let process = try SupervisedServer(command: command, log: data + ".log", removing: nil)
        let settings = primary.settings().setting("port", to: "\(port)")
        let begin = ContinuousClock.now
        while true {
            do {
                try await Session.connect(to: settings, applicationName: "wheels-db/test").close()
                return (process, settings)
            } catch  where ContinuousClock.now - begin < .seconds(30) {
                try await Task.sleep(for: .milliseconds(50))
            } catch {
                await process.end()
                throw error
            }
        }
    }
}
