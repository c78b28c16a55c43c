import Diagnostics
import LogicalBackup
import PostgresClient
import PostgresTesting
import Testing

/// Something that changes a database behind the back of a restore, as event triggers of a provider do.
struct Lie: Sendable, CustomTestStringConvertible {
    /// The command after which it happens.
    let after: String
    /// What it does.
    let statement: String
    /// What the proof must call it.
    let code: String

    var testDescription: String { statement }

    static let all = [
        Lie(after: "CREATE INDEX", statement: "update public.note set body = 'lie' where id = 1", code: "proof.digest"),
        Lie(after: "CREATE INDEX", statement: "update public.note set amount = 1.0 where id = 1", code: "proof.digest"),
        Lie(after: "CREATE INDEX", statement: "delete from public.note where id = 1", code: "proof.rows"),
        Lie(after: "CREATE INDEX", statement: "insert into public.note values (0, '', 0)", code: "proof.rows"),
        Lie(after: "CREATE TRIGGER", statement: "select nextval(''public.counter'')", code: "proof.sequence"),
        Lie(
            after: "CREATE TRIGGER", statement: "alter table public.note disable row level security",
            code: "proof.row-security"),
        Lie(after: "CREATE TRIGGER", statement: "grant select on public.note to anon", code: "proof.access"),
        Lie(
            after: "CREATE TRIGGER", statement: "grant execute on function public.touch() to anon", code: "proof.access"
        ),
        Lie(after: "GRANT", statement: "revoke select on public.note from authenticated", code: "proof.access"),
        Lie(after: "CREATE TRIGGER", statement: "drop table public.empty", code: "proof.table-missing"),
    ]
}

@Suite("The proof", .tags(.server))
struct ProofTests {
    @Test(.scratchDatabase, arguments: Lie.all) func `finds what was changed behind its back`(_ lie: Lie) async throws {
        let scratch = try ScratchDatabase.current
        try await scratch.session().executeScript(
            """
            create table public.note (id int primary key, body text, amount numeric);
            create table public.empty (id int); create sequence public.counter; select nextval('public.counter');
            insert into public.note select n, 'note ' || n, 1.00 from generate_series(1, 100) n;
            alter table public.note enable row level security;
            create index note_body on public.note (body);
            create function public.touch() returns trigger language plpgsql as 'begin return new; end';
            revoke execute on function public.touch() from public, anon, authenticated, service_role;
            create trigger touch before update on public.note for each row execute function public.touch();
            revoke all on public.note from anon; grant select on public.note to authenticated;
            """
        )
        let repository = try ScratchRepository()
        let manifest = try await repository.backUp(scratch.settings)
        let target = try await scratch.anotherDatabase()
        let admin = try await scratch.session(to: target.setting("user", to: "supabase_admin"))
        try await admin.executeScript(
            """
            create schema lie; grant usage on schema lie to public;
            create function lie.tell() returns event_trigger language plpgsql security definer as $$ begin
              if current_setting('lie.told', true) = 'yes' then return; end if;
              perform set_config('lie.told', 'yes', false);
              execute '\(lie.statement)'; end $$;
            create event trigger lie on ddl_command_end when tag in ('\(lie.after)') execute function lie.tell();
            """.replacing("'lie'", with: "''lie''").replacing("'', 0)", with: "'''', 0)")
        )
        let error = await #expect(throws: BackupError.self) {
            try await repository.restore(manifest, into: target)
        }
        #expect(error?.code == lie.code, "\(error.map { "\($0)" } ?? "")")
        #expect(error?.failureClass == .dataDiffers)
        // It stays closed: the grants of the backup did not come.
        let open = "select pg_catalog.has_table_privilege('authenticated', 'public.note', 'select')::text"
        #expect(try await admin.query(Query(unsafeSQL: open)).first?[0] == "false")
        #expect(try await admin.query("select count(*)::text from wheels_db.restore").first?[0] == "1")
    }
}
