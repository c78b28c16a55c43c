import Foundation
import Glibc
import PostgresClient
import PostgresTesting
import Testing

@Suite("A program as the receiver of notifications", .tags(.server))
struct NotificationCommandTests {
    /// Writes a program that tells what it was told, and the configuration that names it.
    private func tell(_ work: Workplace, _ body: String, _ more: String = "", arguments: String = "") throws {
        let program = try work.write("#!/bin/sh\n\(body)\n", to: "tell")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        try work.write("notifications:\n  - { command: [./tell\(arguments)]\(more) }\n", to: "wheels-db.yml")
    }

    /// The documents that the program wrote.
    private func told(_ work: Workplace, _ file: String = "told") throws -> [[String: Any]] {
        let file = work.folder.appendingPathComponent(file)
        guard FileManager.default.fileExists(atPath: file.path) else { return [] }
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
        }
    }

    private static let away = ["DATABASE_URL": "postgresql://postgres@127.0.0.1:9/postgres?connect_timeout=1"]

    @Test(.timeLimit(.minutes(1)))
    func `gets the document on standard input, the event in variables, and its arguments as they stand`() async throws {
        let work = try Workplace()
        #expect(try await work.makeRepository().status == 0)
        try tell(
            work,
            """
            cat >> told; echo >> told
            echo "$WHEELS_EVENT|$WHEELS_COMMAND|$WHEELS_EXIT|$DATABASE_URL|$WHEELS_IDENTITY|$OWN_TOKEN|$*" >> seen
            """,
            ", on: [start, failure]", arguments: #", "$(touch broken); x", --channel"#)
        let own = ["OWN_TOKEN": "t", "WHEELS_IDENTITY": "AGE-SECRET-KEY-1NONE"]
        let run = try await work.program.run(
            ["backup", "create", "--repository", work.repository.path, "--wait-timeout", "0s"],
            adding: Self.away.merging(own) { $1 })
        #expect(run.status == 14, "\(run)")
        let documents = try told(work)
        #expect(documents.map { $0["event"] as? String } == ["start", "failure"])
        #expect(documents.last?["schema"] as? String == "wheels-db/notification/v1")
        #expect(documents.last?["exit"] as? Int == 14)
        #expect(documents.last?["repository"] as? String == work.repository.path)
        #expect((documents.last?["host"] as? String)?.isEmpty == false)
        let seen = try String(contentsOf: work.folder.appendingPathComponent("seen"), encoding: .utf8)
        #expect(
            seen == """
                start|backup create||||t|$(touch broken); x --channel
                failure|backup create|14|||t|$(touch broken); x --channel

                """)
        #expect(!FileManager.default.fileExists(atPath: work.folder.appendingPathComponent("broken").path))
    }

    @Test(.timeLimit(.minutes(1)))
    func `that fails is a warning with what it printed, and never the exit code`() async throws {
        let work = try Workplace()
        #expect(try await work.makeRepository().status == 0)
        try tell(work, "echo on standard output; echo no route >&2; exit 3", ", on: [success, failure, findings]")
        let check = ["backup", "check"] + work.keys
        let failing = try await work.run(check)
        #expect(failing.status == 2, "\(failing)")
        #expect(
            failing.errors.contains(
                "./tell could not be told of this run: it ended with 3: on standard output no route."), "\(failing)")
        try tell(work, "echo chatter; echo noise >&2; head -c 0")
        let quiet = try await work.run(check)
        #expect(quiet.status == 2, "\(quiet)")
        #expect(!(quiet.errors + quiet.output).contains("chatter") && !quiet.errors.contains("noise"), "\(quiet)")
        try FileManager.default.removeItem(at: work.folder.appendingPathComponent("tell"))
        let missing = try await work.run(check)
        #expect(missing.status == 2 && missing.errors.contains("there is no such program"), "\(missing)")
        let doctor = try await work.run(["doctor", "--json"])
        #expect(doctor.output.contains("There is no program ./tell"), "\(doctor)")
    }

    @Test(.timeLimit(.minutes(1)))
    func `that hangs is killed with what it started`() async throws {
        let work = try Workplace()
        #expect(try await work.makeRepository().status == 0)
        try tell(work, "trap '' TERM; sleep 300 & echo $! > child; wait")
        let begin = ContinuousClock.now
        let run = try await work.run(["backup", "check"] + work.keys)
        #expect(run.status == 2 && run.errors.contains("it took longer than 10 s and was killed"), "\(run)")
        #expect((.seconds(10)...(.seconds(25))).contains(ContinuousClock.now - begin))
        let child = try String(contentsOf: work.folder.appendingPathComponent("child"), encoding: .utf8)
        let pid = try #require(pid_t(child.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(
            try await eventually(within: .seconds(5)) {
                let state = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
                return state.map { $0.contains(") Z ") } ?? true
            })
        // Whoever is left running does not hold the run.
        try tell(work, "sleep 300 & echo $! > child; exit 0")
        let left = ContinuousClock.now
        #expect(try await work.run(["backup", "check"] + work.keys).status == 2)
        #expect(ContinuousClock.now - left < .seconds(9))
        let other = try String(contentsOf: work.folder.appendingPathComponent("child"), encoding: .utf8)
        if let pid = pid_t(other.trimmingCharacters(in: .whitespacesAndNewlines)) { kill(pid, SIGKILL) }
    }

    @Test(.timeLimit(.minutes(1))) func `with --json the finding is told too`() async throws {
        let work = try Workplace()
        #expect(try await work.makeRepository().status == 0)
        try tell(work, "cat >> told; echo >> told")
        let text = try await work.run(["backup", "check"] + work.keys)
        let json = try await work.run(["backup", "check", "--json"] + work.keys)
        #expect(text.status == 2 && json.status == 2, "\(json)")
        #expect(!json.errors.contains("error:"), "a document has its findings in it: \(json)")
        let documents = try told(work)
        try #require(documents.count == 2)
        #expect(documents[0]["code"] as? String == documents[1]["code"] as? String)
        #expect(documents[1]["code"] as? String == "backup.none", "\(documents)")
        #expect(documents[0]["summary"] as? String == documents[1]["summary"] as? String)
    }

    @Test(arguments: [
        ("[]", "a program and its arguments"), ("tell", "a list"), ("[tell], as: slack", "url_from and as"),
        ("[tell], url_from: A", "url_from and as"),
    ])
    func `what is no list of words is refused`(value: String, part: String) async throws {
        let work = try Workplace()
        try work.write("notifications:\n  - { command: \(value) }\n", to: "wheels-db.yml")
        let run = try await work.run(["backup", "check", "--repository", work.repository.path])
        #expect(run.status == 64 && run.errors.contains(part), "\(run)")
    }
}
