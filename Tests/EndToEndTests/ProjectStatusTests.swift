import Foundation
import PostgresClient
import PostgresTesting
import Testing

@Suite("status", .tags(.server))
struct ProjectStatusTests {
    private func next(_ outcome: WheelsProgram.Outcome) throws -> [String] {
        (try outcome.json()["next"] as? [[String: Any]] ?? []).compactMap { $0["command"] as? String }
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(5)))
    func `names what is to be done next, until nothing is`() async throws {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        try work.write("create table public.one (id int);", to: "migrations/20260101000000_one.sql")
        let bare = try await work.run(["status"], on: settings)
        #expect(bare.status == 0 && bare.output.contains("Next: wheels-db migrate plan"), "\(bare)")
        #expect(bare.output.contains("No backup repository is configured"), "\(bare)")

        #expect(try await work.makeRepository().status == 0)
        let status = ["status", "--json", "--exit-code"] + work.keys
        let before = try await work.run(status, on: settings)
        #expect(before.status == 2, "\(before)")
        #expect(try next(before) == ["wheels-db backup create", "wheels-db migrate plan"])
        #expect(try await work.run(["migrate", "up"], on: settings).status == 0)
        let made = try await work.backUp(settings)
        let backup = try #require(try made.json()["backup"] as? String)
        let unverified = try await work.run(status, on: settings)
        #expect(unverified.status == 2, "\(unverified)")
        #expect(try next(unverified) == ["wheels-db backup verify latest", "wheels-db drill"])
        #expect(try await work.run(["backup", "verify", "latest"] + work.keys).status == 0)
        #expect(try await work.program.run(["drill"] + work.keys, adding: ["TMPDIR": "/tmp"]).status == 0)
        let after = try await work.run(status, on: settings)
        #expect(after.status == 0, "\(after)")
        let newest = try #require(try after.json()["backup"] as? [String: Any])
        #expect(newest["backup"] as? String == backup)
        #expect(try after.json()["egress"] as? [String: Any] != nil)
        let forPeople = try await work.run(["status"] + work.keys, on: settings)
        #expect(forPeople.output.contains("Nothing has to be done."), "\(forPeople)")
        #expect(forPeople.output.contains("Newest backup: \(backup), verified "), "\(forPeople)")
        #expect(forPeople.output.contains(#/Last drill: \S+, passed, recovery time/#), "\(forPeople)")
        #expect(forPeople.output.contains("Egress of backups this month"), "\(forPeople)")
    }

    @Test(.scratchDatabase) func `what cannot be looked at is said, and is no failure`() async throws {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        let missing = work.folder.appendingPathComponent("nowhere").path
        let outcome = try await work.run(["status", "--repository", missing], on: settings)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.output.contains("The backups could not be looked at"), "\(outcome)")
        let away = try ConnectionSettings("postgresql://postgres@127.0.0.1:9/postgres?connect_timeout=1")
        let down = try await work.run(["status", "--exit-code", "--wait-timeout", "0s"], on: away)
        #expect(down.status == 14, "\(down)")
    }

    @Test func `the version names what reads and writes`() async throws {
        let outcome = try await Workplace().run(["--version"])
        #expect(outcome.status == 0, "\(outcome)")
        for pattern in [
            #/wheels-db \d+\.\d+\.\d+, commit (?:[0-9a-f]{7,}(?:-dirty)?|unknown)\n/#, #/archive format 1\n/#,
            #/grammar of PostgreSQL 1\d\.\d+/#,
            #/libpq \d+\.\d+, zstd 1\./#,
            #/OpenSSL 3\./#,
        ] { #expect(outcome.output.contains(pattern), "\(outcome)") }
    }
}
