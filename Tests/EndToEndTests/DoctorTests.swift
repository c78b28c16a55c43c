import Foundation
import LocalPostgres
import PostgresClient
import PostgresTesting
import Testing

@Suite("doctor", .tags(.server))
struct DoctorTests {
    /// A project in which nothing is wrong: staging, a repository with a backup, and somebody who is told.
    private struct Project {
        let work: Workplace
        let settings: ConnectionSettings
        /// The lines of the configuration, so that one of them can be replaced.
        var configuration = [
            "environments:", "  staging:", "    url_from: STAGING_URL", "repository: repository",
            "notifications: [{ url_from: ALERT_URL }]",
        ]
        var variables: [String: String]

        init() async throws {
            work = try Workplace()
            settings = try ScratchDatabase.current.settings
            variables = ["STAGING_URL": settings.url, "ALERT_URL": "http://127.0.0.1:9/"]
            #expect(try await work.makeRepository().status == 0)
            #expect(try await work.backUp(settings).status == 0)
        }

        func doctor(_ options: String...) async throws -> (status: Int32, lines: [[String: String]]) {
            try work.write(configuration.joined(separator: "\n") + "\n", to: "wheels-db.yml")
            let outcome = try await work.program.run(["doctor", "--json"] + options, adding: variables)
            let lines = try outcome.json()["lines"] as? [[String: String]]
            return (outcome.status, try #require(lines, "\(outcome)"))
        }

        /// Runs it, and expects one line that says what is wrong, with a remedy that names what to do.
        func expect(_ state: String, _ check: String, saying text: String, remedy: String, _ options: String...)
            async throws
        {
            try work.write(configuration.joined(separator: "\n") + "\n", to: "wheels-db.yml")
            let outcome = try await work.program.run(["doctor", "--json"] + options, adding: variables)
            let lines = try outcome.json()["lines"] as? [[String: String]] ?? []
            let found = lines.filter { $0["check"] == check && $0["state"] == state }
            #expect(found.contains { $0["message"]?.contains(text) == true }, "\(check): \(outcome)")
            #expect(found.contains { $0["remedy"]?.contains(remedy) == true }, "\(check): \(outcome)")
            #expect(outcome.status == (lines.contains { $0["state"] == "problem" } ? 2 : 0), "\(outcome)")
        }
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(5))) func `finds nothing where nothing is wrong`() async throws {
        let project = try await Project()
        let (status, lines) = try await project.doctor()
        #expect(status == 0 && lines.allSatisfy { ["ok", "skipped"].contains($0["state"]) }, "\(lines)")
        let checks = Set(lines.compactMap { $0["check"] })
        #expect(
            checks.isSuperset(of: [
                "configuration", "clients", "server-programs", "grammar", "temporary-folder", "database.server",
                "database.tls", "database.pooler", "database.role", "database.slots", "database.clock", "repository",
                "repository.clock", "repository.writer-key", "repository.writable", "repository.backups",
                "notifications",
            ]), "\(checks)")
        // It leaves nothing in the repository.
        #expect(!project.work.objects().keys.contains { $0.hasPrefix("claims/") })
        let text = try await project.work.program.run(["doctor"], adding: project.variables)
        #expect(text.output.hasSuffix("Nothing is wrong.\n"), "\(text)")
    }

    // MARK: - Planted faults

    @Test(.scratchDatabase, .timeLimit(.minutes(5))) func `names faults of the configuration`() async throws {
        var project = try await Project()
        let good = project.configuration
        project.configuration[3] = "repositry: repository"
        try await project.expect("problem", "configuration", saying: "repositry", remedy: "repository")

        project.configuration = good
        project.configuration[1] = "  production:"
        try await project.expect(
            "problem", "database.protection", saying: "nothing protects it", remedy: "protected: true")

        project.configuration = good + ["# staging again, under another name"]
        project.configuration.insert(contentsOf: ["  preview:", "    url_from: STAGING_URL"], at: 3)
        try await project.expect("problem", "database.same", saying: "one and the same", remedy: "its own project")

        project.configuration = good
        project.configuration[2] = "    url_from: NOT_SET"
        try await project.expect("warning", "database.target", saying: "NOT_SET", remedy: "Set NOT_SET")

        project.configuration = good
        project.configuration[2] += "\n    ref: abcdefghijklmnopqrst"
        project.variables["STAGING_URL"] = "postgresql://postgres:x@db.tsrqponmlkjihgfedcba.supabase.co/postgres"
        try await project.expect("problem", "database.target", saying: "leads to the project", remedy: "STAGING_URL")

        project.configuration = good
        project.variables["STAGING_URL"] = project.settings.url
        project.variables["ALERT_URL"] = nil
        try await project.expect("warning", "notifications", saying: "nobody is told", remedy: "Set ALERT_URL")
    }

    @Test(.scratchDatabase, .requiresPgBouncer, .timeLimit(.minutes(5)))
    func `names faults of the way to the database and of the role`() async throws {
        var project = try await Project()
        let settings = project.settings
        project.variables["STAGING_URL"] = "postgresql://postgres:x@127.0.0.1:9/postgres"
        try await project.expect(
            "problem", "database.connect", saying: "Connection refused", remedy: "wheels-db local start")

        try await withPgBouncer(.transaction, before: settings) { pooled in
            project.variables["STAGING_URL"] = pooled.url
            try await project.expect(
                "problem", "database.pooler", saying: "transaction mode", remedy: "Use the session pooler")
        }

        let superuser = try await ScratchDatabase.current.superuserSession()
        let role = "doctor_\(UInt32.random(in: 0 ... .max))"
        try await superuser.executeScript("create role \(role) login password 'x'")
        let plain = settings.setting("user", to: role).setting("password", to: "x")
        project.variables["STAGING_URL"] = plain.url
        try await project.expect("problem", "database.role", saying: "exit 15", remedy: "BYPASSRLS")
        project.variables["STAGING_URL"] = plain.setting("password", to: "wrong").setting("host", to: "127.0.0.1").url
        try await project.expect("problem", "database.connect", saying: "password", remedy: "Check role and password")
        try await superuser.executeScript("drop role \(role)")
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(5))) func `names a full server and missing programs`() async throws {
        var project = try await Project()
        try await project.expect("problem", "database.slots", saying: "--jobs 60", remedy: "pool check", "--jobs", "60")

        // An empty PATH; Debian's own folder of clients is looked at all the same.
        let hidden = FileManager.default.fileExists(atPath: "/usr/lib/postgresql")
        if !hidden {
            project.variables["PATH"] = "/nonexistent"
            try await project.expect("problem", "clients", saying: "pg_dump", remedy: "apt-get install")
        }
        project.variables["TMPDIR"] = "/nonexistent"
        try await project.expect("problem", "temporary-folder", saying: "is not there", remedy: "Set TMPDIR")
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(5))) func `names faults of the repository and its keys`() async throws {
        var project = try await Project()
        let key = project.work.identity.path + ".writer-key"
        let away = project.work.folder.appendingPathComponent("away.writer-key").path
        try FileManager.default.moveItem(atPath: key, toPath: away)
        try await project.expect(
            "warning", "repository.writer-key", saying: "no writer key", remedy: "WHEELS_WRITER_KEY_FILE")

        let other = try Workplace()
        #expect(try await other.makeRepository().status == 0)
        project.variables["WHEELS_WRITER_KEY_FILE"] = other.identity.path + ".writer-key"
        try await project.expect(
            "problem", "repository.writer-key", saying: "not one of the repository", remedy: "Give the key")
        project.variables["WHEELS_IDENTITY_FILE"] = other.identity.path
        try await project.expect(
            "problem", "repository.identity", saying: "not sealed for this identity", remedy: "Give the identity")
        project.variables["WHEELS_IDENTITY_FILE"] = nil
        project.variables["WHEELS_WRITER_KEY_FILE"] = away

        project.configuration[3] = "repository: elsewhere"
        try await project.expect("problem", "repository", saying: "elsewhere", remedy: "repository init")

        // Where claims go, something else stands.
        project.configuration[3] = "repository: repository"
        let claims = project.work.repository.appendingPathComponent("claims")
        try? FileManager.default.removeItem(at: claims)
        try Data().write(to: claims)
        let (status, lines) = try await project.doctor()
        #expect(
            status == 2 && lines.contains { $0["check"] == "repository.writable" && $0["state"] == "problem" },
            "\(lines)")
    }
}
