import Foundation
import PostgresClient
import PostgresTesting
import Testing

@Suite("backup check", .tags(.server))
struct FreshnessTests {
    @Test(.scratchDatabase, .timeLimit(.minutes(5)))
    func `tells a fresh backup from an old one, a damaged one and none`() async throws {
        let work = try Workplace()
        #expect(try await work.makeRepository().status == 0)
        let check = ["backup", "check", "--json"] + work.keys
        let none = try await work.run(check)
        #expect(none.status == 2 && none.output.contains(#""fresh":false"#), "\(none)")
        let session = try await ScratchDatabase.current.session()
        try await session.execute("create table public.rows as select n from generate_series(1, 99) n")
        let made = try await work.backUp(try ScratchDatabase.current.settings)
        #expect(made.status == 0, "\(made)")
        let backup = try #require(try made.json()["backup"] as? String)

        let fresh = try await work.run(["backup", "check"] + work.keys)
        #expect(fresh.status == 0 && fresh.output.hasPrefix("OK: "), "\(fresh)")
        #expect(fresh.output.contains("at most 26 hours"), "\(fresh)")
        try await Task.sleep(for: .milliseconds(1_500))
        let old = try await work.run(check + ["--max-age", "1s"])
        #expect(old.status == 2, "\(old)")
        let sources = try #require(try old.json()["sources"] as? [[String: Any]])
        #expect(sources.count == 1 && sources.first?["backup"] as? String == backup, "\(old)")
        let forPeople = try await work.run(["backup", "check", "--max-age", "1s"] + work.keys)
        #expect(forPeople.output.hasPrefix("CRITICAL: ") && forPeople.errors.contains(backup), "\(forPeople)")
        let other = try await work.run(check + ["--source", "nosuchproject"])
        #expect(other.status == 2, "\(other)")

        let chunk = try #require(work.objects().keys.first { $0.hasPrefix("chunks/") })
        try FileManager.default.removeItem(at: work.repository.appendingPathComponent(chunk))
        let damaged = try await work.run(["backup", "check"] + work.keys)
        #expect(damaged.status == 13 && damaged.output.hasPrefix("CRITICAL: "), "\(damaged)")
        #expect(damaged.errors.contains(chunk), "\(damaged)")
    }

    @Test func `a store that cannot be reached is no answer`() async throws {
        let work = try Workplace()
        let key = work.folder.appendingPathComponent("some.key")
        try Data("wheels-writer-key".utf8).write(to: key)
        // Port 9 is for discarding, and nobody listens there.
        let run = try work.program.start(
            [
                "backup", "check", "--repository", "s3://bucket/app?endpoint=http://127.0.0.1:9", "--wait-timeout",
                "1s",
                "--writer-key", key.path,
            ], adding: ["AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"])
        let outcome = try await run.outcome()
        #expect(outcome.status == 14, "\(outcome)")
        #expect(outcome.errors.contains("127.0.0.1:9"), "\(outcome)")
    }
}
