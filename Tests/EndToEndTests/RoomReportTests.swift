import Foundation
import PostgresClient
import PostgresTesting
import Testing

@Suite("What database and repository take", .tags(.server))
struct RoomReportTests {
    private func create(_ work: Workplace, _ settings: ConnectionSettings, _ more: String...) async throws
        -> WheelsProgram.Outcome
    {
        try await work.program.run(
            ["backup", "create", "--env", "staging", "--repository", work.repository.path] + more,
            adding: ["STAGING_URL": settings.url])
    }

    private func bytes(in folder: URL) throws -> Int {
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return try names.reduce(0) { sum, name in
            let file = try FileManager.default.attributesOfItem(atPath: folder.appendingPathComponent(name).path)
            return sum + (file[.type] as? FileAttributeType == .typeRegular ? file[.size] as? Int ?? 0 : 0)
        }
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(5)))
    func `a backup says once what both take, in the words of status and health`() async throws {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        #expect(try await work.makeRepository().status == 0)
        try work.write(
            "environments: { staging: { url_from: STAGING_URL, database_size: 5GB } }\n", to: "wheels-db.yml")
        let roomy = try await create(work, settings)
        #expect(roomy.status == 0 && !roomy.errors.contains("of its plan"), "\(roomy)")
        let line =
            #/The database has [\d.]+ MB, \d % of the 5.00 GB of its plan\. The repository has [\d.]+ kB in \d+ objects for 1 backup\.\n/#
        #expect(roomy.output.contains(line), "\(roomy)")

        try work.write(
            "environments: { staging: { url_from: STAGING_URL, database_size: 1MB } }\n", to: "wheels-db.yml")
        let full = try await create(work, settings)
        let warning = #/The database has [\d.]+ MB, \d+ % of the 1\.0 MB of its plan: a full project turns read only\./#
        let said = try #require(full.errors.firstMatch(of: warning)).0
        #expect(full.status == 0 && full.errors.ranges(of: warning).count == 1, "\(full)")
        #expect(!full.output.contains("of its plan") && full.output.contains("for 2 backups."), "\(full)")

        let document = try await create(work, settings, "--json").json()
        let room = try #require(document["room"] as? [String: Any])
        #expect(room["database"] as? Int ?? 0 > 1_000_000 && room["database_plan"] as? Int == 1_000_000)
        #expect(room["backups"] as? Int == 3)
        let findings = try #require(document["findings"] as? [[String: Any]])
        #expect(findings.map { $0["code"] as? String } == ["database.size"])
        #expect(findings.first?["message"] as? String == String(said))
        // What the store's own listing adds up to.
        #expect(try room["repository"] as? Int == bytes(in: work.repository), "\(document)")

        let adding = ["STAGING_URL": settings.url]
        let health = try await work.program.run(["health", "--env", "staging", "--json"], adding: adding)
        #expect(health.status == 2, "\(health)")
        #expect((try health.json()["error"] as? String)?.contains("size: \(said)") == true, "\(health)")
        let status = try await work.program.run(["status", "--env", "staging"] + work.keys, adding: adding)
        #expect(status.output.contains(said) && status.output.contains("Next: wheels-db maintain\n"), "\(status)")
        #expect(status.output.contains("for 3 backups."), "\(status)")
        let shown = try await work.run(["backup", "show", "--json"] + work.keys).json()
        let around = try #require(shown["surroundings"] as? [String: Any])
        #expect(around["database_bytes"] as? Int == room["database"] as? Int)
    }

    @Test(.scratchDatabase) func `a database that is nobody's plan is told by its bytes alone`() async throws {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        #expect(try await work.makeRepository().status == 0)
        let made = try await work.run(["backup", "create", "--repository", work.repository.path], on: settings)
        #expect(made.output.contains(#/\nThe database has [\d.]+ MB\. The repository has /#), "\(made)")
        let room = try #require(try await work.backUp(settings).json()["room"] as? [String: Any])
        #expect(Set(room.keys) == ["database", "repository", "backups"])
    }
}
