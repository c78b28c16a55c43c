import Foundation
import ObjectStoreTesting
import PostgresClient
import PostgresTesting
import Testing

@Suite("Examples/github", .tags(.server), .requiresObjectStore)
struct GitHubExampleTests {
    private static func file(_ name: String) throws -> WorkflowFile {
        try WorkflowFile(try ExampleProject.text("github/\(name)"))
    }

    private static func hasNotes(_ settings: ConnectionSettings) async throws -> Bool {
        let session = try await Session.connect(to: settings)
        let rows = try await session.query("select pg_catalog.to_regclass('public.notes') is not null as found")
        await session.close()
        return rows.first?[0] == "t"
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(10)))
    func `deploy.yml deploys to staging, and to production with its ref alone`() async throws {
        let project = try await ExampleProject()
        let file = try Self.file("deploy.yml")
        #expect(file.jobs.map(\.name) == ["staging", "production"])
        #expect(file.jobs.map(\.environment) == ["staging", "production"])
        #expect(file.jobs.map(\.needs) == [[], ["staging"]])

        let staging = try await file.run("staging", in: project, project.values)
        for step in staging { #expect(step.outcome.status == 0, "\(step)") }
        #expect(staging.count == 2)
        #expect(try await Self.hasNotes(project.staging))

        let nameless = try await file.run(
            "production", in: project, project.values.merging(["PRODUCTION_REF": ""]) { $1 })
        #expect(nameless.last?.outcome.status == 19, "\(nameless)")
        #expect(try await !Self.hasNotes(project.production))
        #expect(try await project.backups().isEmpty)

        let production = try await file.run("production", in: project, project.values)
        for step in production { #expect(step.outcome.status == 0, "\(step)") }
        #expect(try await Self.hasNotes(project.production))
        #expect(try await project.backups().count == 1)
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(10)))
    func `nightly-backup.yml backs up, asks, verifies and prunes, and weekly-drill.yml restores it`() async throws {
        let project = try await ExampleProject()
        try await project.live()
        let file = try Self.file("nightly-backup.yml")
        let steps = try await file.run("backup", in: project, project.values)
        for step in steps { #expect(step.outcome.status == 0, "\(step)") }
        #expect(steps.count == 5)
        #expect(try await project.backups().count == 1)
        #expect(project.told == ["/ping/start", "/ping"])
        // The step that installs asked for the package that it had compared.
        let log = try String(contentsOf: project.work.folder.appendingPathComponent("apt-get.log"), encoding: .utf8)
        #expect(log.hasSuffix("install --yes --no-install-recommends \(project.work.folder.path)/wheels-db.deb\n"))

        let drill = try await Self.file("weekly-drill.yml").run("drill", in: project, project.values)
        for step in drill { #expect(step.outcome.status == 0, "\(step)") }
        #expect(drill.last?.outcome.output.contains("1 of 1 assertions hold") == true, "\(drill)")
        #expect(project.told.count == 2)
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(10)))
    func `a night without a database is heard of, and what is there is asked for all the same`() async throws {
        let project = try await ExampleProject()
        let away = ["PRODUCTION_DATABASE_URL": "postgresql://postgres@127.0.0.1:9/postgres?connect_timeout=1"]
        let steps = try await Self.file("nightly-backup.yml").run(
            "backup", in: project, project.values.merging(away) { $1 })
        #expect(steps.map(\.outcome.status) == [0, 14, 2], "\(steps)")
        #expect(
            project.told == [
                "/ping/start", "backup create: failure 14", "/ping/fail", "backup check: findings 2",
            ])
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(10)))
    func `a package with another checksum is not installed`() async throws {
        let project = try await ExampleProject()
        let other = ["WHEELS_DB_DEB_SHA256": String(repeating: "0", count: 64)]
        for (name, job) in [("deploy", "staging"), ("nightly-backup", "backup"), ("weekly-drill", "drill")] {
            let steps = try await Self.file("\(name).yml").run(job, in: project, project.values.merging(other) { $1 })
            #expect(steps.first?.outcome.status == 1, "\(steps)")
        }
        let log = try String(contentsOf: project.work.folder.appendingPathComponent("apt-get.log"), encoding: .utf8)
        #expect(!log.contains("wheels-db.deb"), "\(log)")
    }

    @Test func `schedules are five fields, and an expression that nobody knows is an error`() throws {
        for name in ["nightly-backup.yml", "weekly-drill.yml"] {
            let schedule = try #require(try Self.file(name).schedules.first)
            try CrontabFile.check(schedule.split(separator: " ").map(String.init))
        }
        #expect(throws: WorkflowFile.Unknown.self) { try WorkflowFile.filled("${{ github.actor }}", [:]) }
        #expect(throws: WorkflowFile.Unknown.self) { try WorkflowFile.filled("a ${{ vars.OTHER }}", ["NAME": "b"]) }
        #expect(try WorkflowFile.filled("a ${{ vars.NAME }}", ["NAME": "b"]) == "a b")
    }
}
