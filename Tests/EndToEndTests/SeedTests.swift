import Foundation
import PostgresClient
import PostgresTesting
import Testing

@Suite("Seeding from the command line", .tags(.server))
struct SeedTests {
    private static let migrations = ["--migrations", Workplace.package.appendingPathComponent("migrations").path]

    private func text(_ sql: String) async throws -> String? {
        try await ScratchDatabase.current.session().query(Query(unsafeSQL: sql)).first?[0]
    }

    @Test(.appDatabase) func `staging is marked, seeded twice, grown, cut and cleared`() async throws {
        let scratch = try ScratchDatabase.current
        let work = try Workplace()
        let refused = try await work.run(["seed", "apply", "--json"], on: scratch.settings)
        #expect(refused.status == 19, "\(refused)")
        #expect(refused.output.contains("production.unmarked") && refused.output.contains("wheels-db env mark staging"))
        let plan = try await work.run(["seed", "plan", "--json"], on: scratch.settings)
        #expect(try plan.status == 2 && (plan.json()["allowed"] as? Bool) == false, "\(plan)")

        let mark = try await work.run(["env", "mark", "staging", "--json"], on: scratch.settings)
        #expect(try mark.status == 0 && (mark.json()["mark"] as? String) == "staging", "\(mark)")
        #expect(try await text("select has_schema_privilege('anon', 'wheels_migrations', 'usage')::text") == "false")
        let ready = try await work.run(["seed", "plan", "--scale", "2", "--json"], on: scratch.settings)
        #expect(ready.status == 0, "\(ready)")

        let first = try await work.run(["seed", "apply", "--scale", "2", "--json"], on: scratch.settings)
        #expect(first.status == 0, "\(first)")
        #expect(try first.json()["inserted"] as? Int == (ready.json()["rows"] as? Int))
        let password = try #require(try first.json()["generated_password"] as? String)
        #expect(
            try await text(
                """
                select count(*)::text from auth.users
                where extensions.crypt('\(password)', encrypted_password) = encrypted_password
                """) == "50")
        let second = try await work.run(["seed", "apply", "--scale", "2", "--json"], on: scratch.settings)
        #expect(try second.status == 0 && (second.json()["changes"] as? Int) == 0, "\(second)")
        #expect(try second.json()["generated_password"] == nil && !second.errors.contains(password))

        let unsure = try await work.run(["seed", "apply", "--prune"], on: scratch.settings)
        #expect(unsure.status == 64, "\(unsure)")
        let cut = try await work.run(["seed", "apply", "--prune", "--yes", "--json"], on: scratch.settings)
        #expect(try cut.status == 0 && (cut.json()["removed"] as? Int ?? 0) > 1_000, "\(cut)")
        #expect(try await work.run(["seed", "clear"], on: scratch.settings).status == 64)
        let clear = try await work.run(["seed", "clear", "--yes"], on: scratch.settings)
        #expect(clear.status == 0 && clear.output.contains("rows removed"), "\(clear)")
        #expect(try await text("select count(*)::text from auth.users") == "0")

        let unmark = try await work.run(["env", "mark", "staging", "--remove"], on: scratch.settings)
        #expect(unmark.status == 0 && unmark.output == "The mark is removed.\n", "\(unmark)")
        #expect(try await work.run(["seed", "apply"], on: scratch.settings).status == 19)
    }

    @Test(.appDatabase) func `a protected environment is neither marked nor seeded, whatever is typed`() async throws {
        let scratch = try ScratchDatabase.current
        let work = try Workplace()
        try work.write(
            """
            environments:
              production:
                url_from: PRODUCTION_URL
                protected: true
            """, to: "wheels-db.yml")
        let variables = ["PRODUCTION_URL": scratch.settings.url]
        let name = scratch.settings.database ?? ""
        for words in [["env", "mark", "staging"], ["seed", "apply", "--allow-real-users"]] {
            let outcome = try await work.program.run(
                words + ["--env", "production", "--confirm", name, "--yes"], adding: variables)
            #expect(outcome.status == 19 && outcome.errors.contains("production"), "\(outcome)")
            #expect(outcome.errors.contains("protected"), "\(outcome)")
        }
        #expect(try await text("select count(*)::text from auth.users") == "0")
        #expect(try await text("select to_regclass('wheels_migrations.environment')::text") == nil)
    }

    @Test(.appDatabase) func `people's accounts take the database's name, for the mark and for the seed`() async throws
    {
        let scratch = try ScratchDatabase.current
        let work = try Workplace()
        try await scratch.session().executeScript(
            "insert into auth.users (id, email, last_sign_in_at) values (gen_random_uuid(), 'a@mail.test', now())")
        let name = scratch.settings.database ?? ""
        for words in [["env", "mark", "staging"], ["seed", "apply"]] {
            let plain = try await work.run(words, on: scratch.settings)
            #expect(plain.status == 19 && plain.errors.contains("1 person"), "\(plain)")
            let unconfirmed = try await work.run(words + ["--allow-real-users", "--yes"], on: scratch.settings)
            #expect(unconfirmed.status == 19 && unconfirmed.errors.contains("--confirm \(name)"), "\(unconfirmed)")
            let confirmed = try await work.run(
                words + ["--allow-real-users", "--confirm", name], on: scratch.settings)
            #expect(confirmed.status == 0, "\(confirmed)")
        }
        #expect(try await text("select count(*)::text from auth.users") == "26")
    }

    @Test(.appDatabase) func `sizes, scales and schemas that do not fit have their exit codes`() async throws {
        let scratch = try ScratchDatabase.current
        let work = try Workplace()
        #expect(try await work.run(["env", "mark", "staging"], on: scratch.settings).status == 0)
        let large = try await work.run(
            ["seed", "apply", "--scale", "100", "--plan-size", "60MB"], on: scratch.settings)
        #expect(large.status == 17 && large.errors.contains("60 MB"), "\(large)")
        let planned = try await work.run(
            ["seed", "plan", "--scale", "100", "--plan-size", "60MB", "--json"], on: scratch.settings)
        #expect(try planned.status == 2 && (planned.json()["fits"] as? Bool) == false, "\(planned)")
        for words in [["--scale", "0"], ["--scale", "10001"], ["--plan-size", "much"], ["--cascade"]] {
            #expect(try await work.run(["seed", "apply"] + words, on: scratch.settings).status == 64, "\(words)")
        }
        let empty = try await scratch.anotherDatabase()
        #expect(try await work.run(["env", "mark", "staging"], on: empty).status == 0)
        let schema = try await work.run(["seed", "apply"], on: empty)
        #expect(schema.status == 1 && schema.errors.contains("wheels-db migrate up"), "\(schema)")
        #expect(try await text("select count(*)::text from auth.users") == "0")
    }

    @Test(.appDatabase, arguments: Ending.allCases)
    func `a run that is ended in its middle leaves nothing and the next one succeeds`(ending: Ending) async throws {
        let scratch = try ScratchDatabase.current
        let work = try Workplace()
        #expect(try await work.run(["env", "mark", "staging"], on: scratch.settings).status == 0)
        let run = try work.start(["seed", "apply", "--scale", "60"], on: scratch.settings)
        let watcher = try await scratch.session()
        let isCopying = try await eventually {
            let rows = try await watcher.query(
                """
                select count(*)::text from pg_stat_activity where datname = current_database()
                  and application_name = 'wheels-db/seed' and query like 'COPY "public"%'
                """)
            return rows.first?[0] != "0"
        }
        #expect(isCopying)
        let other = try await work.run(["seed", "apply"], on: scratch.settings)
        #expect(other.status == 11 && other.errors.contains("wheels-db/seed"), "\(other)")
        try await ending.end(run, on: scratch.settings)
        let outcome = try await run.outcome()
        #expect(outcome.status == ending.status, "\(outcome)")
        let isFree = try await eventually {
            let rows = try await watcher.query(
                """
                select count(*)::text from pg_stat_activity where datname = current_database()
                  and application_name = 'wheels-db/seed'
                """)
            return rows.first?[0] == "0"
        }
        #expect(isFree)
        for table in ["auth.users", "public.profiles", "public.expenses", "public.system_settings"] {
            #expect(try await text("select count(*)::text from \(table)") == "0", "\(table)")
        }
        #expect(try await work.run(["seed", "apply"], on: scratch.settings).status == 0)
    }

    @Test(.requiresServer) func `the embedded server needs no mark`() async throws {
        let work = try Workplace()
        let start = try await work.run(["local", "start"])
        #expect(start.status == 0, "\(start)")
        do {
            let url = try await work.run(["local", "url"]).output.trimmingCharacters(in: .whitespacesAndNewlines)
            let settings = try ConnectionSettings(url)
            #expect(try await work.run(["migrate", "up"] + Self.migrations, on: settings).status == 0)
            let apply = try await work.program.run(
                ["seed", "apply", "--json"], adding: ["DATABASE_URL": url, "WHEELS_SEED_PASSWORD": "correct horse 42"])
            #expect(try apply.status == 0 && (apply.json()["password"] as? String) == "given", "\(apply)")
            #expect(!apply.output.contains("correct horse") && !apply.errors.contains("correct horse"))
            let plan = try await work.run(["seed", "plan", "--scale", "3"], on: settings)
            #expect(plan.status == 0 && plan.output.contains("Scale 3"), "\(plan)")
        } catch {
            _ = try await work.run(["local", "stop"])
            throw error
        }
        #expect(try await work.run(["local", "stop"]).status == 0)
    }
}
