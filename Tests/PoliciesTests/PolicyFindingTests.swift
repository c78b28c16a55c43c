import Diagnostics
import Policies
import PostgresClient
import PostgresTesting
import Testing

@Suite("What policies find", .tags(.server))
struct PolicyFindingTests {
    @Test(.scratchDatabase) func `a policy that no file names is told in each run and stays until --prune`()
        async throws
    {
        let bench = try PolicyBench()
        let session = try await bench.withNotes()
        try await bench.apply()
        try await session.executeScript("create policy \"Enable all\" on public.notes for all using (true)")
        for _ in 1...2 {
            let report = try await bench.apply()
            #expect(report.applied.isEmpty)
            #expect(report.findings.map(\.code) == ["policy.extra"])
            #expect(report.findings[0].message.contains("\"Enable all\""))
            #expect(report.findings[0].remedy?.command == "wheels-db policy apply --prune")
        }
        #expect(try await session.text("select count(*)::text from pg_policy") == "5")
        let pruned = try await bench.apply { $0.prunes = true }
        #expect(pruned.findings.isEmpty)
        #expect(pruned.applied.flatMap(\.changes).map(\.sql) == ["DROP POLICY \"Enable all\" ON \"public\".\"notes\""])
    }

    @Test(.scratchDatabase) func `tables without file and files without table are told`() async throws {
        let bench = try PolicyBench()
        let session = try await bench.withNotes()
        try bench.write("grant select on public.gone to anon", as: "gone.sql")
        try await session.executeScript(
            """
            create table public.forgotten (id int); create view public.seen as select 1 as one;
            create schema inner_part; create table inner_part.quiet (id int); create table inner_part.told (id int);
            create policy p on inner_part.told for select to authenticated using (true);
            """)
        let plan = try await bench.plan()
        let states = Dictionary(plan.relations.map { ($0.relation.description, $0.state) }) { first, _ in first }
        #expect(
            states == [
                "public.notes": .differs, "public.groups": .differs, "public.gone": .noTable,
                "public.forgotten": .noFile,
                "public.seen": .noFile, "inner_part.told": .noFile,
            ])
        let bySubject = plan.findings.map { "\($0.code) \($0.subject ?? "") \($0.severity)" }.sorted()
        #expect(
            bySubject == [
                "policy.no-file inner_part.told note", "policy.no-file public.forgotten warning",
                "policy.no-file public.seen warning", "policy.no-table public.gone error",
            ])
        // Neither is dropped, whatever is pruned: nobody says what would be right.
        let report = try await bench.apply { $0.prunes = true }
        #expect(report.findings.count == 4)
        #expect(try await session.text("select count(*)::text from pg_policy where polname = 'p'") == "1")
    }

    @Test(.scratchDatabase) func `a plan marks what lets somebody do more than before`() async throws {
        let bench = try PolicyBench()
        let session = try await bench.withNotes { $0.replacing("enable row level", with: "disable row level") }
        try await session.executeScript(
            """
            create policy "notes: small ones" on public.notes as restrictive for all to authenticated using (true);
            revoke all on public.notes from anon;
            """)
        let opens = try await bench.plan().changes.compactMap(\.opens)
        #expect(
            opens == [
                "row level security goes off: grants alone decide",
                "policy \"notes: everybody reads public ones\" is for anon",
                "the restrictive policy \"notes: small ones\" goes", "anon gets SELECT",
            ])
        try bench.write(PolicyBench.file, as: "notes.sql")
        try await bench.apply()
        #expect(try await bench.plan().changes.isEmpty)
        try bench.write(PolicyBench.file.replacing("for select to authenticated", with: "for select"), as: "notes.sql")
        #expect(try await bench.plan().changes.compactMap(\.opens) == ["policy \"notes: read\" is for every role"])
    }

    /// A file that does not fit the database: the change to the good one, the place and a word of the message.
    struct Misfit: Sendable, CustomTestStringConvertible {
        let from: String
        let to: String
        let code: String
        let place: String
        let word: String
        var testDescription: String { to }
    }

    static let misfits = [
        Misfit(
            from: "public.is_admin()", to: "public.is_boss()", code: "policy.invalid", place: "6:64",
            word: "public.is_boss()"),
        Misfit(
            from: "public.is_admin()", to: "is_admin()", code: "policy.invalid", place: "6:64",
            word: "with their schemas"),
        Misfit(
            from: "from public.groups", to: "from public.group", code: "policy.invalid", place: "15:29",
            word: "public.group"),
        Misfit(
            from: "from public.groups", to: "from groups", code: "policy.invalid", place: "15:29",
            word: "with their schemas"),
        Misfit(
            from: "public.notes.body", to: "public.notes.bodies", code: "policy.invalid", place: "21:29", word: "bodies"
        ),
        Misfit(
            from: "for select to anon", to: "for select to nobody", code: "policy.invalid", place: "8:1", word: "nobody"
        ),
        Misfit(
            from: "for select to anon", to: "for insert to anon", code: "policy.invalid", place: "8:1",
            word: "WITH CHECK"),
        Misfit(
            from: "(user_id, title, body), update", to: "(user_id, titel, body), update", code: "policy.no-column",
            place: "25:1", word: "titel"),
        Misfit(
            from: "public.notes_id_seq", to: "public.other_seq", code: "policy.no-sequence", place: "27:1",
            word: "other_seq"),
    ]

    @Test(.scratchDatabase, arguments: misfits)
    func `a file that does not fit the database is refused before anything is changed`(_ misfit: Misfit) async throws {
        let bench = try PolicyBench()
        let session = try await bench.withNotes { $0.replacing(misfit.from, with: misfit.to) }
        try await session.executeScript("create sequence public.other_seq")
        let error = try await bench.failure()
        #expect(error.code == misfit.code, "\(error)")
        #expect(error.span?.description == "\(bench.folder)/notes.sql:\(misfit.place)", "\(error)")
        #expect(error.summary.contains(misfit.word), "\(error)")
        #expect(error.summary.hasSuffix("Nothing was applied."))
        #expect(try await session.text("select relrowsecurity::text from pg_class where relname = 'groups'") == "false")
    }

    @Test(.scratchDatabase) func `a view has grants, a table has switches`() async throws {
        let bench = try PolicyBench()
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(
            "create table public.t (id int); create view public.v as select id from public.t")
        try bench.write("grant select on public.v to authenticated", as: "v.sql")
        try bench.write("alter table public.t enable row level security", as: "t.sql")
        try await bench.apply()
        #expect(try await bench.plan().changes.isEmpty)
        try bench.write("grant select on public.t to authenticated", as: "t.sql")
        #expect(try await bench.failure().code == "policy.no-switch")
        try bench.write("alter table public.t enable row level security", as: "t.sql")
        try bench.write("alter table public.v enable row level security", as: "v.sql")
        #expect(try await bench.failure().code == "policy.kind")
    }

    @Test(.scratchDatabase)
    func `of the platform's tables the policies are ours, grants and switches are only checked`()
        async throws
    {
        let bench = try PolicyBench()
        let scratch = try ScratchDatabase.current
        try bench.write(
            """
            alter table storage.objects enable row level security;
            create policy "objects: own" on storage.objects for all to authenticated
              using ((storage.foldername(name))[1] = (select auth.uid())::text);
            grant select on storage.objects to authenticated;
            """, as: "storage.objects.sql")
        let report = try await bench.apply()
        #expect(report.applied.flatMap(\.changes).map { $0.sql.prefix(13) } == ["create policy"])
        #expect(report.findings.isEmpty, "grants beyond the file are the platform's: \(report.findings)")
        let owner = try await scratch.session(as: "supabase_storage_admin")
        #expect(try await owner.text("select has_table_privilege('anon', 'storage.objects', 'insert')::text") == "true")
        try await owner.executeScript(
            "revoke select on storage.objects from authenticated; alter table storage.objects disable row level security"
        )
        for _ in 1...2 {
            let findings = try await bench.apply().findings
            #expect(findings.map(\.code) == ["policy.platform-row-security", "policy.platform-grant"])
        }
        #expect(try await owner.text("select relrowsecurity::text from pg_class where relname = 'objects'") == "false")
    }
}
