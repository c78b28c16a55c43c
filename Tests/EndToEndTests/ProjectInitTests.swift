import Foundation
import Testing

@Suite("init")
struct ProjectInitTests {
    @Test func `writes what a project begins with, once, and no secret`() async throws {
        let work = try Workplace()
        try work.write("[api]\nschemas = [\"public\", \"api\"]\n", to: "supabase/config.toml")
        try work.write("node_modules\n*.identity", to: ".gitignore")
        let refs = ["--staging", "abcdefghijklmnopqrst", "--production", "tsrqponmlkjihgfedcba"]
        let dry = try await work.run(["init", "--dry-run"] + refs)
        #expect(dry.status == 0 && dry.output.contains("ref: tsrqponmlkjihgfedcba\n    protected: true"), "\(dry)")
        let before = try FileManager.default.contentsOfDirectory(atPath: work.folder.path)
        #expect(!before.contains("wheels-db.yml") && !before.contains("drills"))

        let made = try await work.run(["init"] + refs)
        #expect(made.status == 0 && made.output.contains("Read supabase/config.toml."), "\(made)")
        let text = try String(contentsOf: work.folder.appendingPathComponent("wheels-db.yml"), encoding: .utf8)
        #expect(text == dry.output)
        #expect(text.contains("api_schemas: [public, api]"))
        let ignored = try String(contentsOf: work.folder.appendingPathComponent(".gitignore"), encoding: .utf8)
        #expect(
            ignored.hasPrefix("node_modules\n*.identity\n.env\n") && ignored.contains("*.writer-key\n"), "\(ignored)")
        #expect(ignored.components(separatedBy: "*.identity").count == 2)
        for folder in ["migrations", "policies", "drills"] {
            #expect(
                FileManager.default.fileExists(atPath: work.folder.appendingPathComponent("\(folder)/.gitkeep").path))
        }
        // Other commands read it.
        let status = try await work.run(["status", "--env", "production"])
        #expect(status.status == 64 && status.errors.contains("PRODUCTION_DATABASE_URL"), "\(status)")

        let again = try await work.run(["init"] + refs)
        #expect(again.status == 19 && again.errors.contains("nothing was changed"), "\(again)")
        #expect(try String(contentsOf: work.folder.appendingPathComponent("wheels-db.yml"), encoding: .utf8) == text)
    }

    @Test func `what is no ref is refused and not repeated, nor are two that are one`() async throws {
        let work = try Workplace()
        let secret = "postgresql://postgres:hunter2@db.example.org/postgres"
        let pasted = try await work.run(["init", "--production", secret])
        #expect(pasted.status == 64 && !"\(pasted)".contains("hunter2"), "\(pasted)")
        let same = try await work.run(
            ["init", "--production", "abcdefghijklmnopqrst", "--staging", "abcdefghijklmnopqrst"])
        #expect(same.status == 64 && same.errors.contains("same project"), "\(same)")
        #expect(!FileManager.default.fileExists(atPath: work.folder.appendingPathComponent("wheels-db.yml").path))
    }
}
