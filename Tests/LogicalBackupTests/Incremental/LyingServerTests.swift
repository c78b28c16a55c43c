import ArchiveRepository
import Foundation
import Glibc
import LocalPostgres
import PostgresClient
import PostgresTesting
import Testing

@testable import LogicalBackup

/// Servers that give other rows the places and transactions that earlier ones had.
///
/// Each test proves its lie first: the identity of all rows is what it was, and the rows are not.
@Suite("Servers that lie about what has changed", .tags(.server), .requiresServer)
struct LyingServerTests {
    private static func identity(_ nights: Nights) async throws -> String {
        let sql = """
            select sum(hash_record_extended(row(t.ctid, t.xmin), 0))::text || ' ' || pg_relation_filenode('told.rows')
            from told.rows t
            """
        return try #require(try await nights.session.query(Query(unsafeSQL: sql)).first?[0])
    }

    private static func amount(_ nights: Nights) async throws -> String? {
        try await nights.session.query("select amount::text from told.rows where id = 1").first?[0]
    }

    @Test func `after a clean restart contents are compared and nothing is read`() async throws {
        try await OwnServer.with { liar in
            _ = try await liar.withNights { try await $0.night("before") }
            try await liar.cluster.stop()
            try await liar.start()
            try await liar.withNights { nights in
                let manifest = try await nights.night("after a restart")
                #expect(try manifest.summary().comparison == .contents && manifest.summary().pagesRead == 0)
                try await nights.run("update told.rows set amount = 2.5 where id = 1")
                #expect(try await nights.night("a change").summary().comparison == .identity)
                #expect(nights.readings["rows"] == .inPart)
            }
        }
    }

    @Test func `a disk that was put back is told from the one that was backed up`() async throws {
        try await OwnServer.with { liar in
            let data = try await liar.start().dataDirectory
            try await liar.cluster.stop()
            try Self.copy(data, to: data + ".snapshot")
            try await liar.start()
            let before = try await liar.withNights { nights in
                try await nights.run("update told.rows set amount = 1.00 where id = 1")
                _ = try await nights.night("the first life")
                return try await Self.identity(nights)
            }
            try await liar.cluster.stop()
            try FileManager.default.removeItem(atPath: data)
            try Self.copy(data + ".snapshot", to: data)
            try await liar.start()
            try await liar.withNights { nights in
                try await nights.run("update told.rows set amount = 1.0 where id = 1")
                // The write-ahead log of this life goes further than that of the other one.
                try await nights.run("select pg_logical_emit_message(false, 'x', repeat('x', 1000000))")
                #expect(try await Self.identity(nights) == before)
                let manifest = try await nights.night("the second life")
                #expect(try manifest.summary().comparison == .contents)
                #expect(nights.readings["rows"] == .inPart)
            }
        }
    }

    @Test func `a commit that a crash lost is told from the one that took its number`() async throws {
        try await OwnServer.with { liar in
            try await liar.cluster.stop()
            try await liar.start()
            let (before, victim) = try await liar.withNights { nights in
                // Nothing that was not asked for writes the log to disk; after the crash the server kills who sleeps.
                kill(try await Self.process(nights, "where backend_type = 'walwriter'"), SIGSTOP)
                try await nights.run("update told.rows set amount = 1.00 where id = 1")
                _ = try await nights.night("before the crash")
                let victim = try await Self.process(nights, "where pid = pg_backend_pid()")
                let identity = try await Self.identity(nights)
                kill(victim, SIGKILL)
                return (identity, victim)
            }
            while kill(victim, 0) == 0 { try await Task.sleep(for: .milliseconds(5)) }
            try await Self.waitUntilReady(liar)
            try await liar.withNights { nights in
                try #require(try await Self.amount(nights) == "1.5", "The crash lost nothing")
                try await nights.run("update told.rows set amount = 1.0 where id = 1")
                #expect(try await Self.identity(nights) == before)
                let manifest = try await nights.night("after the crash")
                #expect(try manifest.summary().comparison == .contents)
                #expect(nights.readings["rows"] == .inPart)
            }
        }
    }

    /// The id of one of the server's processes.
    private static func process(_ nights: Nights, _ condition: String) async throws -> Int32 {
        let sql = "select pid::text from pg_stat_activity \(condition)"
        let pid = try await nights.session.query(Query(unsafeSQL: sql)).first?[0]
        return try #require(pid.flatMap { Int32($0) })
    }

    private static func waitUntilReady(_ liar: OwnServer) async throws {
        let begin = ContinuousClock.now
        while true {
            do { return try await liar.withNights { _ = try await Self.amount($0) } } catch
                where ContinuousClock.now - begin < .seconds(30)
            { try await Task.sleep(for: .milliseconds(20)) }
        }
    }

    /// Copies a data directory with its owner and modes.
    private static func copy(_ from: String, to: String) throws {
        let copy = Process()
        copy.executableURL = URL(fileURLWithPath: "/bin/cp")
        copy.arguments = ["-a", from, to]
        try copy.run()
        copy.waitUntilExit()
        try #require(copy.terminationStatus == 0)
    }
}
