import Diagnostics
import LogicalBackup
import PostgresClient
import PostgresTesting
import Testing

@Suite("Rows of chosen tables", .tags(.server))
struct ChosenTableTests {
    @Test(.scratchDatabase) func `come back proved, or not at all`() async throws {
        let scratch = try ScratchDatabase.current
        let session = try await scratch.session()
        try await session.executeScript(
            """
            create table public.parent (id int primary key); create table public.child (id int, parent int references public.parent);
            insert into public.parent values (1), (2); insert into public.child values (1, 1), (2, 2);
            create function public.forbid() returns trigger language plpgsql as $$ begin raise 'a trigger fired'; end $$;
            create trigger forbid before insert on public.child for each row execute function public.forbid();
            """
        )
        let repository = try ScratchRepository()
        let manifest = try await repository.backUp(scratch.settings)

        // Children without their parents: the foreign key is there, and no trigger may check it.
        try await session.executeScript("truncate public.child, public.parent")
        let orphans = await #expect(throws: BackupError.self) {
            try await repository.restore(manifest, into: scratch.settings, tables: ["public.child"])
        }
        #expect(orphans?.failureClass == .dataDiffers)
        #expect(try await session.query("select count(*)::text from public.child").first?[0] == "0")

        let both = try await repository.restore(manifest, into: scratch.settings, tables: ["child", "public.parent"])
        #expect(both.rows == 4 && both.proof?.foreignKeys == 1)
        let again = await #expect(throws: BackupError.self) {
            try await repository.restore(manifest, into: scratch.settings, tables: ["child"])
        }
        #expect(again?.code == "restore.table-not-empty")
        #expect(try await session.query("select count(*)::text from public.child").first?[0] == "2")
    }
}
