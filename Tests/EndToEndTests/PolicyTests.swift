import Foundation
import PostgresClient
import PostgresTesting
import Testing

@Suite("wheels-db policy", .tags(.server))
struct PolicyTests {
    private static let file = """
        alter table public.notes enable row level security;
        create policy "notes: own" on public.notes for all to authenticated using ((select auth.uid()) = user_id);
        grant select, insert, update, delete on public.notes to authenticated;
        grant select, insert, update, delete on public.notes to service_role;
        """

    private func workplace() async throws -> (work: Workplace, session: Session, settings: ConnectionSettings) {
        let scratch = try ScratchDatabase.current
        let session = try await scratch.session()
        try await session.executeScript("create table public.notes (id int, user_id uuid)")
        let work = try Workplace()
        try work.write(Self.file, to: "policies/notes.sql")
        return (work, session, scratch.settings)
    }

    @Test(.scratchDatabase) func `status, plan, dry run, apply and again nothing to do`() async throws {
        let (work, session, settings) = try await workplace()
        let status = try await work.run(["policy", "status"], on: settings)
        #expect(status.status == 0, "\(status)")
        #expect(status.output.contains("public.notes  differs  row level security is off; "), "\(status)")

        let plan = try await work.run(["policy", "plan", "--exit-code"], on: settings)
        #expect(plan.status == 2, "\(plan)")
        #expect(plan.output.hasPrefix("-- public.notes (policies/notes.sql)\n"), "\(plan)")
        let statements = [
            "ALTER TABLE \"public\".\"notes\" ENABLE ROW LEVEL SECURITY;",
            "create policy \"notes: own\" on public.notes for all to authenticated using ((select auth.uid()) = user_id);",
            "REVOKE SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON TABLE \"public\".\"notes\" FROM \"anon\";",
            "REVOKE TRUNCATE, REFERENCES, TRIGGER ON TABLE \"public\".\"notes\" FROM \"authenticated\", \"service_role\";",
        ]
        #expect(plan.output.split(separator: "\n").dropFirst().map(String.init) == statements, "\(plan)")
        #expect(plan.errors.contains("1 table to change, 4 statements."), "\(plan)")
        let dry = try await work.run(["policy", "apply", "--dry-run"], on: settings)
        #expect(dry.status == 0 && dry.output == plan.output, "\(dry)")
        let untouched = try await session.query("select count(*)::text from pg_policy")
        #expect(untouched.first?[0] == "0")

        // What the plan printed is SQL: psql comes to the same place.
        let other = try await ScratchDatabase.current.anotherDatabase()
        _ = try await PgDump.psql("create table public.notes (id int, user_id uuid)", on: other)
        _ = try await PgDump.psql(plan.output, on: other)

        let apply = try await work.run(["policy", "apply", "--json"], on: settings)
        #expect(apply.status == 0, "\(apply)")
        let document = try apply.json()
        #expect(document["schema"] as? String == "wheels-db/policy-apply/v1")
        let applied = try #require((document["applied"] as? [[String: Any]])?.first)
        #expect(applied["table"] as? String == "public.notes")
        #expect((applied["changes"] as? [[String: Any]])?.count == 4)
        let arguments = ["--schema=public"]
        #expect(
            try await PgDump.schema(of: other, arguments: arguments)
                == PgDump.schema(of: settings, arguments: arguments))

        let again = try await work.run(["policy", "apply"], on: settings)
        #expect(again.status == 0 && again.output == "Nothing to do: 1 table as the files say.\n", "\(again)")
        let clean = try await work.run(["policy", "status", "--exit-code"], on: settings)
        #expect(clean.status == 0 && clean.output.contains("public.notes  in sync"), "\(clean)")
    }

    @Test(.scratchDatabase) func `an extra policy is a finding, and goes with --prune and --yes alone`() async throws {
        let (work, session, settings) = try await workplace()
        #expect(try await work.run(["policy", "apply"], on: settings).status == 0)
        try await session.executeScript("create policy \"Enable all\" on public.notes for all using (true)")
        let apply = try await work.run(["policy", "apply"], on: settings)
        #expect(
            apply.status == 0 && apply.errors.contains("\"Enable all\"") && apply.errors.contains("--prune"), "\(apply)"
        )
        let plan = try await work.run(["policy", "plan", "--json", "--exit-code"], on: settings)
        #expect(plan.status == 2, "\(plan)")
        let findings = try #require(try plan.json()["findings"] as? [[String: Any]])
        #expect(findings.map { $0["code"] as? String } == ["policy.extra"])
        #expect(try plan.json()["pending"] as? Int == 0)

        let unsure = try await work.run(["policy", "apply", "--prune"], on: settings)
        #expect(unsure.status == 64, "\(unsure)")
        let pruned = try await work.run(["policy", "apply", "--prune", "--yes"], on: settings)
        #expect(pruned.status == 0 && pruned.output.hasPrefix("1 table changed"), "\(pruned)")
        #expect(try await work.run(["policy", "plan", "--exit-code"], on: settings).status == 0)
    }

    @Test(.scratchDatabase) func `mistakes end with their own codes and name the place`() async throws {
        let (work, session, settings) = try await workplace()
        let missing = try await work.run(["policy", "status", "--policies", "nowhere"], on: settings)
        #expect(missing.status == 10, "\(missing)")

        try work.write(Self.file + "\ngrant all on public.notes to anon;", to: "policies/notes.sql")
        let wrong = try await work.run(["policy", "apply", "--json"], on: settings)
        #expect(wrong.status == 1, "\(wrong)")
        let error = try #require(try wrong.json()["error"] as? [String: Any])
        #expect(error["place"] as? String == "policies/notes.sql:5:1")

        try work.write(Self.file, to: "policies/notes.sql")
        try work.write("grant select on public.later to anon", to: "policies/later.sql")
        let early = try await work.run(["policy", "apply"], on: settings)
        #expect(early.status == 2 && early.errors.contains("policy.no-table"), "\(early)")

        try work.write(Self.file.replacing("= user_id", with: "= owner_id"), to: "policies/notes.sql")
        let invalid = try await work.run(["policy", "plan"], on: settings)
        #expect(invalid.status == 1 && invalid.errors.contains("policies/notes.sql:2:98"), "\(invalid)")

        try await session.executeScript("begin; select pg_advisory_xact_lock(\(0x7768_6C73_706F_6C69))")
        #expect(try await work.run(["policy", "apply"], on: settings).status == 11)
        try await session.executeScript("rollback")
    }

    @Test(.scratchDatabase, .requiresPgBouncer) func `a pooler in transaction mode is refused with 19`() async throws {
        let (work, _, settings) = try await workplace()
        try await withPgBouncer(.transaction, before: settings) { pooled in
            let apply = try await work.run(["policy", "apply"], on: pooled)
            #expect(apply.status == 19 && apply.errors.contains("transaction mode"), "\(apply)")
            let plan = try await work.run(["policy", "plan"], on: pooled)
            #expect(plan.status == 0 && plan.output.contains("ENABLE ROW LEVEL SECURITY"), "\(plan)")
        }
    }
}
