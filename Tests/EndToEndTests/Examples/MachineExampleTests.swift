import Foundation
import ObjectStoreTesting
import PostgresTesting
import Testing
import Yams

@Suite("Examples of machines: crontab, systemd, Render", .tags(.server), .requiresObjectStore)
struct MachineExampleTests {
    private static let units = ["backup", "drill", "check"].map { "systemd/wheels-db-\($0)" }

    /// Writes what the files keep in /etc/wheels-db/env.
    private static func writeVariables(of project: ExampleProject, _ names: [String], _ more: String = "") throws {
        let lines = try names.map { "\($0)='\(try #require(project.values[$0], "\($0)"))'\n" }
        try project.work.write(lines.joined() + more, to: "env")
    }

    private static let names = [
        "PRODUCTION_DATABASE_URL", "WHEELS_REPOSITORY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
        "ALERT_WEBHOOK_URL", "BACKUP_MONITOR_URL",
    ]

    @Test(.scratchDatabase, .timeLimit(.minutes(10)))
    func `the lines of crontab run as they stand, and what cron would mail is empty`() async throws {
        let project = try await ExampleProject()
        try await project.live()
        let folder = project.work.folder.path
        let file = try CrontabFile(try ExampleProject.text("crontab"))
        #expect(file.variables["PATH"] == "/usr/bin:/bin" && file.variables["MAILTO"] != nil)
        try Self.writeVariables(
            of: project, Self.names,
            """
            WHEELS_WRITER_KEY_FILE=\(folder)/app.writer-key
            WHEELS_IDENTITY_FILE=\(folder)/app.identity

            """)
        #expect(file.lines.count == 4)
        for line in file.lines {
            let outcome = try await project.run(
                [try #require(file.variables["SHELL"]), "-c", line.command.replacing("/etc/wheels-db", with: folder)],
                ["PATH": "\(project.bin.path):/usr/bin:/bin", "LOGNAME": "wheels"])
            #expect(outcome.status == 0, "\(line.command): \(outcome)")
            #expect(outcome.output.isEmpty && outcome.errors.isEmpty, "\(line.command): \(outcome)")
        }
        #expect(project.told == ["/ping/start", "/ping"])
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(10)))
    func `the commands of the services run with what their units give them`() async throws {
        let project = try await ExampleProject()
        try await project.live()
        try Self.writeVariables(of: project, Self.names)
        // By the times of their timers.
        for (name, count) in zip(Self.units, [2, 2, 1]) {
            let unit = try UnitFile(try ExampleProject.text("\(name).service"))
            let outcomes = try await unit.run(in: project, files: project.work.folder)
            #expect(outcomes.map(\.status) == Array(repeating: 0, count: count), "\(name): \(outcomes)")
        }
        #expect(try await project.backups().count == 1)
        #expect(project.told == ["/ping/start", "/ping"])
    }

    @Test func `timers start their services every day, late where the machine was off`() throws {
        for name in Self.units {
            let timer = try UnitFile(try ExampleProject.text("\(name).timer"))
            let calendar = try #require(timer["OnCalendar"].first)
            #expect(calendar.wholeMatch(of: #/\*-\*-\* [0-2]\d:[0-5]\d:00 UTC/#) != nil, "\(calendar)")
            #expect(timer["Persistent"] == ["true"] && timer["RandomizedDelaySec"].count == 1)
            #expect(timer["WantedBy"] == ["timers.target"])
        }
    }

    private static let hasSystemd = FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze")

    @Test(.enabled(if: hasSystemd, "takes systemd-analyze"))
    func `systemd has nothing to say against the units`() async throws {
        let work = try Workplace()
        var files: [String] = []
        for name in Self.units.flatMap({ ["\($0).service", "\($0).timer"] }) {
            // Where wheels-db is installed, the program is there.
            let text = try ExampleProject.text(name).replacing("/usr/bin/wheels-db", with: WheelsProgram.path)
            files.append(try work.write(text, to: String(name.dropFirst("systemd/".count))))
        }
        let outcome = try await RunningProgram(
            ["/usr/bin/systemd-analyze", "verify", "--man=no"] + files, folder: work.folder,
            variables: ["PATH": "/usr/bin:/bin"]
        ).outcome()
        // It ends with 0 also after a key that it does not know.
        #expect(outcome.status == 0 && outcome.errors.isEmpty && outcome.output.isEmpty, "\(outcome)")
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(10)))
    func `the commands of render.yaml run with the variables that it asks for`() async throws {
        let project = try await ExampleProject()
        try await project.live()
        let services = try #require(
            try Yams.compose(yaml: ExampleProject.text("render.yaml"))?.mapping?["services"]?.sequence)
        let image = try ExampleProject.text("wheels-db.Dockerfile")
        let command = try #require(image.split(separator: "\n").last { $0.hasPrefix("CMD ") }).dropFirst(4)
        let words = try #require(try JSONSerialization.jsonObject(with: Data(command.utf8)) as? [String])
        #expect(services.count == 2)
        for node in services {
            let service = try #require(node.mapping)
            let known = [
                "type", "name", "runtime", "plan", "region", "dockerfilePath", "dockerCommand", "schedule", "envVars",
            ]
            #expect(service.keys.allSatisfy { known.contains($0.string ?? "") })
            #expect(service["type"]?.string == "cron" && service["runtime"]?.string == "docker")
            #expect(service["dockerfilePath"]?.string == "./wheels-db.Dockerfile")
            try CrontabFile.check(service["schedule"]?.string?.split(separator: " ").map(String.init) ?? [])
            var variables = ["PATH": "\(project.bin.path):/usr/bin:/bin"]
            for entry in service["envVars"]?.sequence ?? [] {
                let name = try #require(entry.mapping?["key"]?.string)
                #expect(entry.mapping?["sync"]?.bool == false && entry.mapping?.count == 2, "\(name)")
                let value = try #require(project.values[name], "\(name)")
                variables[name] = value
            }
            let own = service["dockerCommand"]?.string.map { $0.split(separator: " ").map(String.init) }
            let outcome = try await project.run(["/usr/bin/env"] + (own ?? words), variables)
            #expect(outcome.status == 0, "\(outcome)")
        }
        #expect(try await project.backups().count == 1)
        #expect(project.told == ["/ping/start", "/ping"])
    }

    @Test func `no file holds a secret or an address of somebody's package`() throws {
        let names = FileManager.default.enumerator(atPath: ExampleProject.examples.path)?.compactMap { $0 as? String }
        var count = 0
        for name in names ?? [] {
            guard let text = try? ExampleProject.text(name) else { continue }
            count += 1
            for secret in ["AGE-SECRET-KEY-1", "WHEELS-WRITER-KEY-1:", "postgresql://"] {
                #expect(!text.contains(secret), "\(name): \(secret)")
            }
            // The configuration has the app's own origins.
            guard !["wheels-db.yml", "demo-rows.sql"].contains(name) else { continue }
            #expect(text.firstMatch(of: #/https?:/#) == nil, "\(name)")
        }
        #expect(count >= 13)
    }
}
