import Foundation
import PostgresClient
import PostgresTesting
import Testing

@Suite("Where keys come from", .tags(.server))
struct KeySourceTests {
    private func workplace() async throws -> Workplace {
        let work = try Workplace()
        try await ScratchDatabase.current.session().executeScript("create table public.note (id int primary key)")
        #expect(try await work.makeRepository().status == 0)
        return work
    }

    /// Runs the program by a shell, with what a shell can do to its arguments.
    private func shell(_ work: Workplace, _ script: String, _ variables: [String: String] = [:]) async throws
        -> WheelsProgram.Outcome
    {
        let all = variables.merging(["DATABASE_URL": try ScratchDatabase.current.settings.url]) { $1 }
        return try await RunningProgram(
            [
                "/bin/bash", "-c",
                "set -o pipefail; w=\(WheelsProgram.path); r=\(work.repository.path); i=\(work.identity.path); \(script)",
            ],
            folder: work.folder, variables: work.program.variables.merging(all) { $1 }
        ).outcome()
    }

    @Test(.scratchDatabase) func `a pipe gives a key as well as a file does`() async throws {
        let work = try await workplace()
        #expect(try await work.backUp(try ScratchDatabase.current.settings).status == 0)
        for script in [
            "$w backup verify --repository $r --identity <(cat $i)",
            "cat $i | $w backup verify --repository $r --identity /dev/stdin",
            "$w backup prune --keep-last 1 --repository $r --identity <(cat $i)",
            "$w backup create --repository $r --writer-key <(cat $i.writer-key)",
            "$w backup list --repository $r --writer-key <(cat $i.writer-key)",
        ] {
            let outcome = try await shell(work, script)
            #expect(outcome.status == 0, "\(script): \(outcome)")
            #expect(!outcome.errors.contains("could not be noted"), "\(script): \(outcome)")
        }
    }

    @Test(.scratchDatabase) func `what is no key ends with 12 and says what was expected`() async throws {
        let work = try await workplace()
        #expect(try await work.backUp(try ScratchDatabase.current.settings).status == 0)
        let rubbish = try work.write(Data([0xff, 0x00, 0xfe, 0x80]), to: "rubbish")
        let empty = try work.write("", to: "empty")
        for file in ["/dev/null", empty, rubbish, "/dev/urandom"] {
            for (option, expected) in [
                ("--identity", "AGE-SECRET-KEY-1"), ("--writer-key", "WHEELS-WRITER-KEY-1"),
                ("--passphrase-file", "passphrase"),
            ] {
                let outcome = try await work.run(["backup", "list", "--repository", work.repository.path, option, file])
                #expect(outcome.status == 12, "\(option) \(file): \(outcome)")
                #expect(outcome.errors.contains(expected) && outcome.errors.contains(file), "\(option): \(outcome)")
            }
        }
    }

    @Test(.scratchDatabase) func `a new writer key that cannot be kept is a warning once, and stops the second run`()
        async throws
    {
        let work = try await workplace()
        let settings = try ScratchDatabase.current.settings
        #expect(try await work.backUp(settings).status == 0)
        let variables = ["HOME": "/nonexistent/home", "XDG_CONFIG_HOME": "/dev/null/settings"]
        let create = "$w backup create --quiet --json --repository $r"
        let first = try await shell(work, create, variables)
        #expect(first.status == 0, "\(first)")
        #expect(
            first.errors.contains("could not be kept") && first.errors.contains("WHEELS_WRITER_KEY_FILE"), "\(first)")
        #expect(first.errors.contains("Not a directory"), "why it could not be kept: \(first)")
        let findings = try #require(try first.json()["findings"] as? [[String: Any]])
        #expect(findings.contains { $0["code"] as? String == "backup.new-keys" }, "\(first)")
        let objects = work.objects()
        let second = try await shell(work, create, variables)
        #expect(second.status == 12 && second.output.contains("WHEELS_WRITER_KEY_FILE"), "\(second)")
        #expect(work.objects() == objects)
        let given = try await shell(work, create + " --writer-key $i.writer-key", variables)
        #expect(given.status == 0, "\(given)")
        #expect(try #require(try given.json()["findings"] as? [[String: Any]]).isEmpty, "\(given)")
        // With a home, a key that is missing costs a full run and nothing else, also the second time.
        try FileManager.default.removeItem(atPath: work.identity.path + ".writer-key")
        for _ in 0..<2 {
            let settled = work.folder.appendingPathComponent(UUID().uuidString).path
            let run = try await shell(work, create, ["HOME": settled])
            #expect(run.status == 0 && run.errors.contains(settled), "\(run)")
            let next = try await shell(work, create, ["HOME": settled])
            #expect(next.status == 0 && !next.errors.contains("No writer key"), "\(next)")
        }
    }

    @Test(.scratchDatabase) func `a foreign key that is remembered is named, and how to forget it`() async throws {
        let work = try await workplace()
        let other = work.folder.appendingPathComponent("other.identity").path
        let made = try await work.run([
            "repository", "init", "--repository", work.folder.appendingPathComponent("other").path, "--new-identity",
            other,
        ])
        #expect(made.status == 0, "\(made)")
        let key = work.identity.path + ".writer-key"
        try FileManager.default.removeItem(atPath: key)
        try FileManager.default.copyItem(atPath: other + ".writer-key", toPath: key)
        let outcome = try await work.backUp(try ScratchDatabase.current.settings)
        #expect(outcome.status == 12, "\(outcome)")
        #expect(outcome.errors.contains(key) && outcome.errors.contains("repositories.json"), "\(outcome)")
        #expect(outcome.errors.contains("remove the entry"), "\(outcome)")
    }
}
