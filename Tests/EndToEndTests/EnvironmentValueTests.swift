import Foundation
import PostgresClient
import PostgresTesting
import Testing

@Suite("Values of variables in a backup", .tags(.server))
struct EnvironmentValueTests {
    private static let secret = "hunter2 \"quoted\"\n$second line"

    @Test(.scratchDatabase, .timeLimit(.minutes(5)))
    func `are sealed for the identity, named, and written back as they were`() async throws {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        #expect(try await work.makeRepository().status == 0)
        try work.write(
            "required_variables: { APP_URL: url, SECRET_KEY: present, NOT_SET: present }\n", to: "wheels-db.yml")
        try work.write("EXTRA='from a file'\n", to: ".env.more")
        let made = try await work.program.run(
            ["backup", "create", "--with-values", "--dotenv", ".env.more", "--repository", work.repository.path],
            adding: ["DATABASE_URL": settings.url, "APP_URL": "https://a.example", "SECRET_KEY": Self.secret])
        #expect(made.status == 0 && made.errors.contains("Not set here, so not in the backup: NOT_SET"), "\(made)")

        // The machine that makes backups sees names alone.
        let key = ["--repository", work.repository.path, "--writer-key", work.identity.path + ".writer-key"]
        for form in [["--verbose"], ["--json"]] {
            let shown = try await work.run(["backup", "show", "latest"] + form + key)
            #expect(shown.status == 0 && shown.output.contains("SECRET_KEY"), "\(shown)")
            #expect(!"\(shown)\(made)".contains("hunter2") && !shown.output.contains("from a file"))
        }
        let shown = try await work.run(["backup", "show", "latest", "--verbose"] + key)
        #expect(shown.output.contains("SECRET_KEY (its value is sealed in it)\n"), "\(shown)")
        let closed = try await work.run(["env", "restore", "--to", "closed.env"] + key)
        #expect(closed.status == 64 && closed.errors.contains("identity"), "\(closed)")
        #expect(!FileManager.default.fileExists(atPath: work.folder.appendingPathComponent("closed.env").path))

        let restored = try await work.run(["env", "restore", "--to", "back.env"] + work.keys)
        #expect(restored.status == 0 && !"\(restored)".contains("hunter2"), "\(restored)")
        let file = work.folder.appendingPathComponent("back.env")
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(
            text == """
                APP_URL='https://a.example'
                EXTRA='from a file'
                SECRET_KEY='hunter2 "quoted"
                $second line'

                """)
        // A file that is there stays as it is.
        let again = try await work.run(["env", "restore", "--to", "back.env"] + work.keys)
        #expect(again.status == 19, "\(again)")
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
        for check in [["backup", "verify", "latest"], ["repository", "check"]] {
            let good = try await work.run(check + work.keys)
            #expect(good.status == 0, "\(good)")
        }
        // Nowhere in the repository stand they in the open.
        for (name, _) in work.objects() {
            let bytes = try Data(contentsOf: work.repository.appendingPathComponent(name))
            #expect(bytes.range(of: Data("hunter2".utf8)) == nil, "\(name)")
        }
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(5)))
    func `another identity does not open them, keys that were changed do`() async throws {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        #expect(try await work.makeRepository().status == 0)
        try work.write("A=1\n", to: "some.env")
        let create = ["backup", "create", "--dotenv", "some.env", "--repository", work.repository.path]
        #expect(try await work.run(create, on: settings).status == 0)
        let other = try Workplace()
        #expect(try await other.makeRepository().status == 0)
        let wrong = try await work.run([
            "env", "restore", "--to", "wrong.env", "--repository", work.repository.path, "--identity",
            other.identity.path,
        ])
        #expect(wrong.status == 12, "\(wrong)")
        let rotated = try await work.run(
            ["repository", "keys", "rotate", "--new-writer-key", work.folder.path + "/new.writer-key"] + work.keys)
        #expect(rotated.status == 0, "\(rotated)")
        let restored = try await work.run(["env", "restore", "--to", "back.env"] + work.keys)
        #expect(restored.status == 0, "\(restored)")
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(5)))
    func `damage is found, and writes no file`() async throws {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        #expect(try await work.makeRepository().status == 0)
        try work.write("A=hunter2\n", to: "some.env")
        let create = ["backup", "create", "--dotenv", "some.env", "--repository", work.repository.path]
        #expect(try await work.run(create, on: settings).status == 0)
        let name = try #require(work.objects().keys.first { $0.hasPrefix("manifests/") })
        let file = work.repository.appendingPathComponent(name)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: file)
        for command in [
            ["backup", "verify", "latest"], ["repository", "check"], ["env", "restore", "--to", "back.env"],
        ] {
            let outcome = try await work.run(command + work.keys)
            #expect(outcome.status == 13 && !"\(outcome)".contains("hunter2"), "\(outcome)")
        }
        #expect(!FileManager.default.fileExists(atPath: work.folder.appendingPathComponent("back.env").path))
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(5)))
    func `a backup that would hold none though they were asked for is not made`() async throws {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        #expect(try await work.makeRepository().status == 0)
        let before = work.objects()
        let create = ["backup", "create", "--repository", work.repository.path]
        let noRules = try await work.run(create + ["--with-values"], on: settings)
        #expect(noRules.status == 64 && noRules.errors.contains("required_variables"), "\(noRules)")
        try work.write("required_variables: { APP_URL: url }\n", to: "wheels-db.yml")
        let unset = try await work.run(create + ["--with-values"], on: settings)
        #expect(unset.status == 64 && unset.errors.contains("is set here"), "\(unset)")
        let missing = try await work.run(create + ["--dotenv", "nowhere.env"], on: settings)
        #expect(missing.status == 64 && missing.errors.contains("nowhere.env"), "\(missing)")
        #expect(work.objects() == before)
        #expect(try await work.run(create, on: settings).status == 0)
        let none = try await work.run(["env", "restore", "--to", "back.env"] + work.keys)
        #expect(none.status == 10 && none.errors.contains("--with-values"), "\(none)")
    }
}
