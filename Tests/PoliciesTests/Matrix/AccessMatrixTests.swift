import PostgresClient
import PostgresTesting
import Testing

@testable import Policies

@Suite("Access matrix", .tags(.server))
struct AccessMatrixTests {
    private let tables = LintBench.ownTable()

    private static func matrix(_ sql: String) async throws -> AccessMatrix {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(sql)
        return try await AccessMatrix.read(in: session)
    }

    /// The cells of one relation and role: SELECT, INSERT, UPDATE, DELETE, TRUNCATE.
    private static func row(_ matrix: AccessMatrix, _ relation: String, _ role: String) -> [String] {
        AccessCommand.allCases.map { matrix["public.\(relation)", role, $0]?.text ?? "?" }
    }

    @Test(
        .scratchDatabase,
        arguments: [
            ("for all to authenticated using ((select auth.uid()) = user_id)", ["OWN", "OWN", "OWN", "OWN"]),
            ("for all to authenticated using (auth.uid()::text = user_id::text)", ["OWN", "OWN", "OWN", "OWN"]),
            ("for all to authenticated using (user_id in (select auth.uid()))", ["OWN", "OWN", "OWN", "OWN"]),
            ("for all to authenticated using ((auth.jwt() ->> 'sub')::uuid = user_id)", ["OWN", "OWN", "OWN", "OWN"]),
            ("for all to authenticated using (user_id = auth.uid() and is_public)", ["OWN", "OWN", "OWN", "OWN"]),
            ("for all to authenticated using (user_id = auth.uid() or is_public)", ["COND", "COND", "COND", "COND"]),
            ("for all to authenticated using (true)", ["OPEN", "OPEN", "OPEN", "OPEN"]),
            ("for all to authenticated using (auth.uid() is not null)", ["OPEN", "OPEN", "OPEN", "OPEN"]),
            (
                "for all to authenticated using (auth.role() = 'service_role')",
                ["DENY(rls)", "DENY(rls) (no RETURNING)", "DENY(rls)", "DENY(rls)"]
            ),
            (
                "for select to authenticated using (is_public)",
                ["COND", "DENY(rls)", "DENY(rls)", "DENY(rls)"]
            ),
            (
                "for update to authenticated using (user_id = auth.uid())",
                ["DENY(rls)", "DENY(rls) (no RETURNING)", "DENY(rls)", "DENY(rls)"]
            ),
            (
                "for all to authenticated using (user_id = auth.uid()) with check (true)",
                ["OWN", "OPEN", "COND", "OWN"]
            ),
            (
                "for all to anon using (true)",
                ["DENY(rls)", "DENY(rls) (no RETURNING)", "DENY(rls)", "DENY(rls)"]
            ),
        ])
    func `one policy, and what it lets the signed-in user do`(policy: String, cells: [String]) async throws {
        let matrix = try await Self.matrix(tables + "create policy p on public.notes \(policy);")
        #expect(Self.row(matrix, "notes", "authenticated") == cells + ["DENY(grant)"], "\(policy)")
        #expect(Self.row(matrix, "notes", "anon") == Array(repeating: "DENY(grant)", count: 5))
        #expect(Self.row(matrix, "notes", "service_role") == Array(repeating: "OPEN", count: 5))
    }

    @Test(.scratchDatabase) func `permissive policies add up, restrictive ones take away`() async throws {
        let matrix = try await Self.matrix(
            tables + """
                create policy a on public.notes for select to authenticated using (true);
                create policy b on public.notes for select to authenticated using (false);
                create policy c on public.notes as restrictive for select to authenticated using (user_id = auth.uid());
                create policy d on public.notes for delete to authenticated using (true);
                create policy e on public.notes as restrictive for delete to authenticated using (false);
                """)
        #expect(Self.row(matrix, "notes", "authenticated")[0] == "OWN")
        #expect(Self.row(matrix, "notes", "authenticated")[3] == "DENY(rls)")
    }

    @Test(.scratchDatabase) func `recursion and forbidden tables are ERROR cells with the server's words`() async throws
    {
        let matrix = try await Self.matrix(
            tables + LintBench.ownTable("one") + LintBench.ownTable("two") + """
                create policy a on public.one for select to authenticated using (id in (select id from public.two));
                create policy b on public.two for select to authenticated using (id in (select id from public.one));
                create policy own on public.notes for select to authenticated using (user_id = auth.uid());
                create policy staff on public.notes for delete to authenticated
                  using (exists (select from auth.users u where u.id = auth.uid() and u.email = 'x'));
                """)
        #expect(Self.row(matrix, "one", "authenticated")[0] == "ERROR(42P17)")
        #expect(
            Self.row(matrix, "notes", "authenticated") == [
                "OWN", "DENY(rls)", "DENY(rls)", "ERROR(42501)", "DENY(grant)",
            ])
        let place = AccessMatrix.Place(relation: "public.notes", role: "authenticated", command: .delete)
        #expect(matrix.messages[place] == "permission denied for table users")
        #expect(matrix.errors.contains(place) && matrix.errors.count >= 3)
    }

    @Test(.scratchDatabase) func `column grants are marked, and what lacks SELECT is told`() async throws {
        let matrix = try await Self.matrix(
            tables + """
                revoke all on public.notes from authenticated;
                grant select (id, body), update (body), insert on public.notes to authenticated;
                grant insert, delete on public.notes to anon;
                create policy p on public.notes to anon, authenticated using (true);
                """)
        #expect(Self.row(matrix, "notes", "authenticated") == ["OPEN*", "OPEN", "OPEN*", "DENY(grant)", "DENY(grant)"])
        #expect(matrix["public.notes", "authenticated", .select]?.columns == ["body", "id"])
        #expect(
            Self.row(matrix, "notes", "anon") == [
                "DENY(grant)", "OPEN (no RETURNING)", "DENY(grant)", "OPEN (no WHERE)", "DENY(grant)",
            ])
    }

    @Test(.scratchDatabase) func `a sequence that may not be used makes every INSERT fail`() async throws {
        let matrix = try await Self.matrix(
            """
            create table public.log (id bigserial primary key, body text);
            create table public.better (id bigint generated always as identity primary key, body text);
            revoke all on sequence public.log_id_seq from anon, authenticated;
            revoke all on sequence public.better_id_seq from anon, authenticated;
            """)
        #expect(Self.row(matrix, "log", "authenticated")[1] == "ERROR(42501)")
        #expect(Self.row(matrix, "better", "authenticated")[1] == "OPEN")
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript("set role authenticated")
        let error = await #expect(throws: PostgresError.self) {
            try await session.execute("insert into public.log (body) values ('x')")
        }
        #expect(error?.message == "permission denied for sequence log_id_seq")
        try await session.execute("insert into public.better (body) values ('x')")
    }

    @Test(.scratchDatabase) func `views show what lies below, or what their owner sees`() async throws {
        let matrix = try await Self.matrix(
            tables + LintBench.ownTable("opened") + """
                create policy own on public.notes for select to authenticated using (user_id = auth.uid());
                create policy all_rows on public.opened for select to authenticated using (true);
                create view public.mine with (security_invoker = true) as select * from public.notes;
                create view public.all_of_them as select * from public.notes;
                create view public.mine_by_where as select * from public.notes where user_id = auth.uid();
                create view public.filtered with (security_invoker = true) as select * from public.opened where body <> '';
                create view public.joined with (security_invoker = true) as
                  select n.id from public.notes n left join public.opened o on o.id = n.id;
                create view public.counted with (security_invoker = true) as select count(*) from public.notes;
                create materialized view public.stored as select * from public.notes;
                create view public.hidden with (security_invoker = true) as select * from public.notes;
                revoke all on public.hidden from anon, authenticated;
                """)
        func select(_ view: String, _ role: String = "authenticated") -> String { Self.row(matrix, view, role)[0] }
        #expect(select("mine") == "OWN" && select("mine", "anon") == "ERROR(42501)")
        #expect(select("all_of_them") == "OPEN" && select("all_of_them", "anon") == "OPEN")
        #expect(select("mine_by_where") == "OWN" && select("mine_by_where", "anon") == "DENY(rls)")
        #expect(select("filtered") == "OPEN")
        #expect(select("joined") == "COND")
        #expect(select("stored") == "OPEN" && Self.row(matrix, "stored", "anon")[1...] == ["-", "-", "-", "-"])
        #expect(select("hidden") == "DENY(grant)")
        #expect(Self.row(matrix, "counted", "authenticated")[1...] == ["-", "-", "-", "-"])
        #expect(Self.row(matrix, "mine", "authenticated") == ["OWN", "DENY(rls)", "DENY(rls)", "DENY(rls)", "-"])
    }

    @Test(.scratchDatabase) func `a partitioned table without partitions is read by its policies`() async throws {
        let before = try await Self.matrix("create table public.events (id int, at date) partition by range (at);")
        #expect(before["realtime.messages", "anon", .select] == nil)
        let matrix = try await Self.matrix(
            "create policy p on realtime.messages for select to authenticated using ((select auth.uid()) is not null);")
        #expect(Self.row(matrix, "events", "anon") == ["OPEN", "OPEN", "OPEN", "OPEN", "OPEN"])
        #expect(matrix["realtime.messages", "service_role", .select]?.text == "OPEN")
        #expect(matrix["realtime.messages", "authenticated", .select]?.text == "OPEN")
        #expect(matrix["storage.objects", "anon", .select]?.text == "DENY(rls)")
    }

    @Test(.scratchDatabase) func `a schema that may not be used denies all`() async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(
            "create schema api; create table api.things (id int); grant all on api.things to anon, authenticated;")
        let matrix = try await AccessMatrix.read(in: session, apiSchemas: ["api"])
        #expect(matrix["api.things", "anon", .select]?.text == "DENY(grant)")
    }
}
