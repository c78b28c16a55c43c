import LocalPostgres
import Policies
import PostgresClient
import PostgresTesting
import Testing

@Suite("policy apply", .tags(.server))
struct ConvergenceTests {
    /// A way in which a database is no longer as its files say.
    struct Mutation: Sendable, CustomTestStringConvertible {
        let name: String
        let sql: String
        var role = "postgres"
        var prune = false
        /// How many statements it takes to put it right.
        let statements: Int
        var testDescription: String { name }

        init(_ name: String, _ sql: String, _ statements: Int, role: String = "postgres", prune: Bool = false) {
            self.name = name
            self.sql = sql
            self.statements = statements
            self.role = role
            self.prune = prune
        }
    }

    private static let read = "\"notes: read\" on public.notes"
    private static let write = "\"notes: write\" on public.notes"

    static let mutations = [
        Mutation("a policy was dropped", "drop policy \(read)", 1),
        Mutation("a policy with a comment was dropped", "drop policy \(write)", 2),
        Mutation("a policy was renamed", "alter policy \(write) rename to \"Other\"", 1),
        Mutation(
            "two policies changed their names",
            """
            alter policy \(read) rename to x; alter policy \(write) rename to "notes: read";
            alter policy x on public.notes rename to "notes: write"
            """, 5),
        Mutation("USING changed", "alter policy \(read) using (true)", 1),
        Mutation("WITH CHECK changed", "alter policy \(write) with check (true)", 1),
        Mutation("USING and WITH CHECK changed", "alter policy \(write) using (true) with check (false)", 1),
        Mutation("the roles changed", "alter policy \(read) to public", 1),
        Mutation("roles and USING changed", "alter policy \(read) to anon, authenticated using (title = 'x')", 1),
        Mutation(
            "the command changed",
            "drop policy \(read); create policy \(read) for all to authenticated using (true)", 2),
        Mutation(
            "permissive became restrictive",
            "drop policy \(read); create policy \(read) as restrictive for select to authenticated using (true)", 2),
        Mutation(
            "three policies were made otherwise",
            """
            alter policy \(read) using (true);
            drop policy "notes: small ones" on public.notes;
            create policy "notes: small ones" on public.notes as restrictive for insert to authenticated with check (true);
            drop policy \(write); create policy \(write) for update to authenticated using (true)
            """, 4),
        Mutation(
            "a policy that no file names", "create policy \"Enable all\" on public.notes for all using (true)", 1,
            prune: true),
        Mutation("row level security went off", "alter table public.notes disable row level security", 1),
        Mutation("row level security is forced", "alter table public.notes force row level security", 1),
        Mutation("anon got a grant", "grant insert on public.notes to anon", 1),
        Mutation("two roles got a grant", "grant truncate, trigger on public.notes to authenticated, service_role", 1),
        Mutation("PUBLIC got a grant", "grant select on public.notes to public", 1),
        Mutation("a column was granted", "grant update (user_id) on public.notes to authenticated", 1),
        Mutation("a whole table instead of columns", "grant update on public.notes to authenticated", 2),
        Mutation("a grant is missing", "revoke delete on public.notes from authenticated", 1),
        Mutation("a column's grant is missing", "revoke update (body) on public.notes from authenticated", 1),
        Mutation("a sequence's grant is missing", "revoke all on sequence public.notes_id_seq from authenticated", 1),
        Mutation("a sequence is open", "grant all on sequence public.notes_id_seq to anon, public", 1),
        Mutation("all is granted to all", "grant all on public.notes to public, anon, authenticated, service_role", 5),
        Mutation("a grant may be handed on", "grant select on public.notes to authenticated with grant option", 1),
        Mutation(
            "a grant was handed on",
            """
            grant truncate on public.notes to authenticated with grant option;
            set role authenticated; grant truncate on public.notes to anon
            """, 2),
        Mutation("everything is revoked", "revoke all on public.notes from anon, authenticated, service_role", 3),
        Mutation("a comment was changed", "comment on policy \(write) is 'other'", 1),
        Mutation("a comment was removed", "comment on policy \(write) is null", 1),
        Mutation("a comment was added", "comment on policy \(read) is 'why'", 1),
        Mutation(
            "every policy was dropped",
            """
            do $$ declare p name; begin for p in select polname from pg_policy where polrelid = 'public.notes'::regclass
            loop execute format('drop policy %I on public.notes', p); end loop; end $$
            """, 5),
        Mutation(
            "the table was made anew",
            "drop table public.notes; \(PolicyBench.table.split(separator: ";")[0]);"
                + "alter table public.notes enable row level security", 11),
        Mutation("a column was added", "alter table public.notes add x int", 0),
    ]

    @Test(.scratchDatabase, arguments: mutations)
    func `whatever was changed, one run puts it right and the next has nothing to do`(_ mutation: Mutation) async throws
    {
        let bench = try PolicyBench()
        let session = try await bench.withNotes()
        try await bench.apply()
        let scratch = try ScratchDatabase.current
        let reference = try await AccessDump.lines(of: scratch.settings)
        #expect(reference.count { $0.contains("public.notes") } >= 13, "\(reference)")

        try await session.executeScript(mutation.sql)
        let mutated = try await AccessDump.lines(of: scratch.settings)
        #expect((mutated == reference) == (mutation.statements == 0))
        let plan = try await bench.plan(prune: mutation.prune)
        #expect(plan.changes.count == mutation.statements, "\(plan.changes.map(\.sql))")
        #expect(try await AccessDump.lines(of: scratch.settings) == mutated, "a plan changes nothing")
        let report = try await bench.apply { $0.prunes = mutation.prune }
        #expect(report.applied.flatMap(\.changes) == plan.changes)
        #expect(try await AccessDump.lines(of: scratch.settings) == reference)
        #expect(try await bench.plan(prune: true).changes.isEmpty)
        #expect(try await bench.apply { $0.prunes = true }.applied.isEmpty)
    }

    @Test(.scratchDatabase) func `a condition that the file does not have goes by making the policy anew`() async throws
    {
        let bench = try PolicyBench()
        let session = try await bench.withNotes { file in
            file.replacing(
                "for update to authenticated\n  using ((select auth.uid()) = user_id)",
                with: "for update to authenticated using (true)"
            )
            .replacing(/\n  with check \(\n    \(select auth[^;]*;\ncomment/, with: ";\ncomment")
        }
        try await bench.apply()
        try await session.executeScript("alter policy \(Self.write) with check (user_id is not null)")
        let plan = try await bench.plan()
        #expect(plan.changes.map { $0.sql.prefix(6) } == ["DROP P", "create", "COMMEN"], "\(plan.changes)")
        try await bench.apply()
        #expect(try await bench.plan().changes.isEmpty)
        #expect(
            try await session.text("select polwithcheck::text from pg_policy where polname = 'notes: write'") == nil)
    }

    @Test(.appDatabase(era: .apiRolesGetAll))
    func `applied or run by psql, the application's files make the same in a project of before 2026`() async throws {
        try await appliedEqualsRun()
    }

    @Test(.appDatabase(era: .apiRolesGetNone))
    func `applied or run by psql, the application's files make the same in a project of today`() async throws {
        try await appliedEqualsRun()
    }

    private func appliedEqualsRun() async throws {
        let scratch = try ScratchDatabase.current
        let folder = try PolicyFolder.read(PolicyBench.shipped)
        let applier = PolicyApplier(settings: scratch.settings, options: PolicyOptions(toolVersion: "test"))
        let report = try await applier.apply(folder)
        #expect(report.findings.isEmpty, "\(report.findings)")
        let plan = try await applier.plan(folder)
        #expect(plan.changes.isEmpty && plan.findings.isEmpty)
        #expect(plan.relations.allSatisfy { $0.state == .inSync })
        let applied = try await AccessDump.lines(of: scratch.settings)
        #expect(applied.count { $0.hasPrefix("CREATE POLICY") } > 100)

        let session = try await scratch.session()
        try await session.executeScript(Self.bare)
        #expect(try await AccessDump.lines(of: scratch.settings) != applied)
        for file in folder.files { _ = try await PgDump.psql(file.text, on: scratch.settings) }
        #expect(try await AccessDump.lines(of: scratch.settings) == applied)
        // psql took other steps to the same place: nothing is to be changed, and after a run nothing has to be compared.
        #expect(try await applier.plan(folder).changes.isEmpty)
        #expect(try await applier.apply(folder).applied.isEmpty)
    }

    /// Takes every policy and every privilege of the data API's roles away.
    private static let bare = """
        do $$
        declare p record; r regclass;
        begin
          for p in select polname, polrelid::regclass as relation from pg_policy loop
            execute format('drop policy %I on %s', p.polname, p.relation);
          end loop;
          for r in select oid from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v') loop
            execute format('revoke all on %s from public, anon, authenticated, service_role', r);
          end loop;
          for r in select oid from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' loop
            execute format('alter table %s disable row level security', r);
          end loop;
        end
        $$;
        do $$
        declare r regclass;
        begin
          for r in select oid from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S' loop
            execute format('revoke all on sequence %s from public, anon, authenticated, service_role', r);
          end loop;
        end
        $$;
        """
}
