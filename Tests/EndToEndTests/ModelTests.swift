import Foundation
import PostgresClient
import PostgresTesting
import Testing

@Suite("Models", .tags(.server), .requiresServer)
struct ModelTests {
    private static let first = """
        create table public.trips (
          id bigint generated always as identity primary key,
          title text not null,
          status text default 'planning' check (status in ('planning', 'active'))
        );
        comment on table public.trips is 'A trip.';
        """
    private static let second = "alter table public.trips add column length_km numeric(8, 1);"

    private static func workplace() throws -> Workplace {
        let work = try Workplace()
        try work.write(first, to: "migrations/20260101000000_trips.sql")
        return work
    }

    private static func model(_ work: Workplace, _ name: String = "Trip.swift") throws -> String {
        try String(contentsOf: work.folder.appendingPathComponent("Models/\(name)"), encoding: .utf8)
    }

    @Test func `are generated without any database, checked, and generated again after a migration`() async throws {
        let work = try Self.workplace()
        let models = ["--models", "Models"]
        let missing = try await work.run(["models", "check"] + models)
        #expect(missing.status == 2 && missing.errors.contains("Trip.swift is missing."), "\(missing)")

        let planned = try await work.run(["models", "generate", "--dry-run"] + models)
        #expect(planned.status == 0 && planned.output.contains("write   Models/Trip.swift"), "\(planned)")
        #expect(!FileManager.default.fileExists(atPath: work.folder.appendingPathComponent("Models").path))

        let made = try await work.run(["models", "generate"] + models)
        #expect(made.status == 0 && made.output.hasSuffix("2 written, 0 removed, 0 unchanged\n"), "\(made)")
        #expect(try Self.model(work).contains("public static let active = Status(rawValue: \"active\")"))
        let again = try await work.run(["models", "generate", "--json"] + models)
        #expect(try again.json()["written"] as? [String] == [] && again.json()["unchanged"] as? Int == 2, "\(again)")

        try work.write(Self.second, to: "migrations/20260102000000_length.sql")
        let stale = try await work.run(["models", "check", "--json"] + models)
        let document = try stale.json()
        let difference = try #require((document["differences"] as? [[String: Any]])?.first, "\(stale)")
        #expect(stale.status == 2 && document["files"] as? Int == 2)
        #expect(document["schema"] as? String == "wheels-db/models-check/v1")
        #expect(difference["file"] as? String == "Trip.swift" && difference["kind"] as? String == "stale")
        #expect((difference["expected"] as? String)?.contains("length_km") == true)
        let told = try await work.run(["models", "check"] + models)
        #expect(told.errors.contains("Trip.swift differs from line \(difference["line"] as? Int ?? 0) on"), "\(told)")
        #expect(told.errors.contains("wheels-db models generate"), "\(told)")
        #expect(try await work.run(["models", "generate"] + models).status == 0)
        #expect(try Self.model(work).contains("public let lengthKm: PostgresNumeric?"))
        #expect(try await work.run(["models", "check"] + models).status == 0)
    }

    @Test func `of tables that are gone are removed, and files of others are never touched`() async throws {
        let work = try Self.workplace()
        let models = ["--models", "Models"]
        #expect(try await work.run(["models", "generate"] + models).status == 0)
        try work.write("// Mine.\n", to: "Models/Mine.swift")
        try work.write(
            "drop table public.trips; create table public.boats (id int);", to: "migrations/20260102000000_b.sql")
        let checked = try await work.run(["models", "check"] + models)
        #expect(checked.status == 2, "\(checked)")
        #expect(
            checked.errors.contains("Trip.swift is the model of something that the database does not have."),
            "\(checked)")
        #expect(try await work.run(["models", "generate"] + models).status == 0)
        let names = try FileManager.default.contentsOfDirectory(
            atPath: work.folder.appendingPathComponent("Models").path)
        #expect(names.sorted() == ["Boat.swift", "Mine.swift", "ModelRegistry.swift"])
        try work.write("create table public.mine (id int);", to: "migrations/20260103000000_mine.sql")
        let refused = try await work.run(["models", "generate"] + models)
        #expect(refused.status == 19 && refused.errors.contains("Models/Mine.swift"), "\(refused)")
        #expect(try Self.model(work, "Mine.swift") == "// Mine.\n")
    }

    @Test func `cannot be made of migrations that fail`() async throws {
        let work = try Self.workplace()
        try work.write("create table public.trips ();", to: "migrations/20260102000000_twice.sql")
        let outcome = try await work.run(["models", "generate", "--models", "Models"])
        #expect(outcome.status == 1 && outcome.errors.contains("20260102000000_twice.sql:1"), "\(outcome)")
        #expect(!FileManager.default.fileExists(atPath: work.folder.appendingPathComponent("Models").path))
        let nowhere = try await work.run(["models", "check", "--migrations", "nowhere"])
        #expect(nowhere.status == 10, "\(nowhere)")
    }

    @Test(.scratchDatabase) func `are compared with a live database, of which nothing is changed`() async throws {
        let work = try Self.workplace()
        let scratch = try ScratchDatabase.current
        try work.write("environments:\n  staging:\n    url_from: STAGING_URL\n", to: "wheels-db.yml")
        let variables = ["STAGING_URL": scratch.settings.url]
        #expect(try await work.run(["models", "generate", "--models", "Models"]).status == 0)
        let check = ["models", "check", "--models", "Models", "--env", "staging"]
        let empty = try await work.program.run(check, adding: variables)
        #expect(empty.status == 2 && empty.errors.contains("Trip.swift is the model of something"), "\(empty)")

        let session = try await scratch.session()
        try await session.executeScript(Self.first)
        let before = try await PgDump.schema(of: scratch.settings)
        let equal = try await work.program.run(check, adding: variables)
        #expect(equal.status == 0, "\(equal)")
        #expect(try await PgDump.schema(of: scratch.settings) == before)
        try await session.executeScript("alter table public.trips alter column title drop not null")
        let drifted = try await work.program.run(check, adding: variables)
        #expect(drifted.status == 2 && drifted.errors.contains("`title`, `text`, may be null."), "\(drifted)")

        // DATABASE_URL alone does not decide: without --env it is the migrations that count.
        #expect(try await work.run(["models", "check", "--models", "Models"], on: scratch.settings).status == 0)
    }

    @Test(.scratchDatabase) func `are those of the schemas that the configuration names`() async throws {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        try work.write("api_schemas: [api, public]\n", to: "wheels-db.yml")
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(
            "create schema api; create table api.trips (id int); create table public.trips (id int)")
        let base = ["models", "generate", "--models", "Models", "--database-url", settings.url]
        let both = try await work.run(base)
        #expect(both.status == 0 && both.output.contains("Models/PublicTrip.swift"), "\(both)")
        let one = try await work.run(base + ["--schema", "public"])
        #expect(
            one.output.contains("remove  Models/PublicTrip.swift") && one.output.contains("write   Models/Trip.swift"),
            "\(one)")
        let none = try await work.run(base + ["--schema", "nowhere"])
        #expect(none.status == 10 && none.errors.contains("no schema \"nowhere\""), "\(none)")
    }
}
