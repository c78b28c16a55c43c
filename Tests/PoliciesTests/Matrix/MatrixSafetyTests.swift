import Diagnostics
import PostgresClient
import PostgresTesting
import Testing

@testable import Policies

@Suite("Access matrix on a server in use", .tags(.server))
struct MatrixSafetyTests {
    @Test(.scratchDatabase) func `nothing is executed, written or kept locked`() async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(
            """
            create table public.log (id bigserial primary key, body text);
            create function public.loud() returns trigger language plpgsql set search_path = '' as
              $$ begin raise exception 'a trigger ran'; end $$;
            create trigger loud before insert or update or delete on public.log execute function public.loud();
            """)
        let before = try await session.query("select last_value, is_called from public.log_id_seq").map { $0[0] }
        _ = try await session.withTransaction { session in
            let matrix = try await AccessMatrix.read(inTransactionOf: session, apiSchemas: ["public"])
            #expect(matrix["public.log", "anon", .insert]?.text == "OPEN")
            // A transaction that wrote anything would have a number.
            let number = try await session.query("select pg_current_xact_id_if_assigned() is null as is_clean")
            #expect(number.map { $0[0] } == ["t"])
            let locks = try await session.query(
                "select count(*) from pg_locks where pid = pg_backend_pid() and relation = 'public.log'::regclass")
            #expect(locks.map { $0[0] } == ["0"])
        }
        #expect(try await session.query("select last_value, is_called from public.log_id_seq").map { $0[0] } == before)
        let settings = try await session.query(
            "select current_user, current_setting('request.jwt.claims', true), current_setting('search_path')")
        #expect(settings[0][0] == "postgres" && (settings[0][1] ?? "") == "")
        #expect(settings[0][2]?.contains("public") == true)
    }

    @Test(.scratchDatabase) func `it also runs where every transaction is read-only`() async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript("create table public.one (id int); set default_transaction_read_only = on")
        #expect(try await AccessMatrix.read(in: session)["public.one", "anon", .delete]?.text == "OPEN")
    }

    @Test(.scratchDatabase) func `a table that another session holds is no cell but an error`() async throws {
        let holder = try await ScratchDatabase.current.session()
        try await holder.executeScript("create table public.busy (id int)")
        try await holder.executeScript("begin; lock table public.busy in access exclusive mode")
        let session = try await ScratchDatabase.current.session()
        let error = await #expect(throws: AccessReadingError.self) { try await AccessMatrix.read(in: session) }
        #expect(error?.code == "access.not-probed" && error?.summary.contains("public.busy") == true)
    }

    @Test(.scratchDatabase) func `a session that may not take on the roles is told so`() async throws {
        let superuser = try await ScratchDatabase.current.superuserSession()
        try await superuser.executeScript("create table public.one (id int)")
        let session = try await ScratchDatabase.current.session(as: "supabase_read_only_user")
        let error = await #expect(throws: AccessReadingError.self) { try await AccessMatrix.read(in: session) }
        #expect(error?.code == "access.cannot-set-role" && error?.failureClass == .permission)
    }

    @Test(.scratchDatabase) func `a hundred tables with policies take at most a second`() async throws {
        let session = try await ScratchDatabase.current.session()
        for number in 1...100 {
            try await session.executeScript(
                LintBench.ownTable("t\(number)") + """
                    grant select, insert, update, delete on public.t\(number) to anon;
                    create policy own on public.t\(number) for all to anon, authenticated
                      using ((select auth.uid()) = user_id) with check ((select auth.uid()) = user_id);
                    """)
        }
        let clock = ContinuousClock()
        var best = Duration.seconds(60)
        for _ in 1...3 {
            let time = try await clock.measure { _ = try await AccessMatrix.read(in: session) }
            best = min(best, time)
        }
        // Other tests run beside this one: the figure that is promised is measured alone.
        #expect(best < .seconds(2), "\(best)")
    }
}
