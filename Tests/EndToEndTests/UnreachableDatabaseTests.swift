import Foundation
import LocalPostgres
import PostgresClient
import PostgresTesting
import Testing

/// Commands that need a database, each as a script would call it.
private let commands: [[String]] = [
    ["migrate", "status"], ["migrate", "up"], ["backup", "create", "--repository", "repository"],
    ["restore", "plan", "--repository", "repository", "--identity", "app.identity"],
    ["restore", "run", "--repository", "repository", "--identity", "app.identity", "--yes"],
]

@Suite("A database that cannot be used", .tags(.server))
struct UnreachableDatabaseTests {
    /// A repository with a backup, so that only the database stands in the way.
    private func workplace() async throws -> Workplace {
        let work = try Workplace()
        try work.write("create table public.one (id int);", to: "migrations/20260101000000_one.sql")
        #expect(try await work.makeRepository().status == 0)
        let backup = try await work.backUp(try ScratchDatabase.current.settings)
        #expect(backup.status == 0, "\(backup)")
        return work
    }

    private func expectAll(
        _ work: Workplace,
        _ settings: ConnectionSettings,
        fail status: Int32,
        saying words: [String]
    ) async throws {
        let objects = work.objects()
        for command in commands {
            let outcome = try await work.run(command + ["--json", "--wait-timeout", "1s"], on: settings)
            #expect(outcome.status == status, "\(command): \(outcome)")
            for word in words { #expect(outcome.errors.contains(word), "\(command): \(outcome)") }
            if let password = settings.password, password.count > 3 {
                #expect(!outcome.errors.contains(password) && !outcome.output.contains(password))
            }
            let error = try outcome.json()["error"] as? [String: Any]
            #expect(error?["exit"] as? Int == Int(status), "\(command): \(outcome)")
        }
        #expect(work.objects() == objects)
    }

    @Test(.scratchDatabase) func `no server ends with 14 and says where it looked`() async throws {
        let work = try await workplace()
        // Port 1, tcpmux, is for a service that no machine has run for decades.
        let settings = ConnectionSettings(keywords: [
            "host": "127.0.0.1", "port": "1", "dbname": "postgres", "user": "postgres", "password": "secret-word",
        ])
        try await expectAll(work, settings, fail: 14, saying: ["127.0.0.1", "wheels-db local start"])
    }

    @Test(.scratchDatabase) func `a wrong password ends with 15 and never shows the password`() async throws {
        let work = try await workplace()
        let scratch = try ScratchDatabase.current
        let settings = scratch.server.tcpSettings(database: scratch.name).setting("password", to: "wrong-word")
        try await expectAll(work, settings, fail: 15, saying: ["password authentication failed", "percent-encoded"])
    }

    @Test(.scratchDatabase) func `a database that does not exist ends with 14 and names it`() async throws {
        let work = try await workplace()
        let scratch = try ScratchDatabase.current
        let settings = scratch.settings.setting("dbname", to: "no_such_database")
        try await expectAll(work, settings, fail: 14, saying: ["no_such_database", "does not exist"])
    }
}
