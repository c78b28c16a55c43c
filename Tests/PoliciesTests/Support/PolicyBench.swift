import Foundation
import Policies
import PostgresClient
import PostgresTesting
import Testing

/// A folder of policy files that is gone with the test, and the test's database to apply it to.
final class PolicyBench: Sendable {
    let folder: String
    /// What was told during the runs.
    let events = PolicyEventLog()

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("policies-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The folder that the application ships.
    static let shipped = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("policies").path

    /// The table that most tests are about, with all that a file can speak of, and the file.
    static let table = """
        create table public.notes (
            id bigserial primary key, user_id uuid not null, title text, body text, is_public boolean default false);
        alter table public.notes enable row level security;
        create table public.groups (id uuid primary key, owner_id uuid);
        create function public.is_admin() returns boolean language sql stable as 'select false';
        """

    static let file = """
        -- Notes.   (owner; public ones are read by everybody)
        alter table public.notes enable row level security;

        create policy "notes: read" on public.notes
          for select to authenticated
          using (is_public or (select auth.uid()) = user_id or (select public.is_admin()));

        create policy "notes: everybody reads public ones" on public.notes for select to anon using (is_public);

        create policy "notes: write" on public.notes
          for update to authenticated
          using ((select auth.uid()) = user_id)
          with check (
            (select auth.uid()) = user_id
            and exists (select from public.groups as g where g.owner_id = notes.user_id and g.id is not null)
          );
        comment on policy "notes: write" on public.notes is 'Only of groups of one''s own.';

        create policy "notes: small ones" on public.notes
          as restrictive for insert to authenticated
          with check (length(public.notes.body) between 1 and 1000 and (title is null or title <> 'it''s $x$ ( "'));

        grant select on public.notes to anon;
        grant select, delete on public.notes to authenticated;
        grant insert (user_id, title, body), update (title, body) on public.notes to authenticated;
        grant select, insert, update, delete on public.notes to service_role;
        grant usage on sequence public.notes_id_seq to authenticated, service_role;
        """

    /// The table in the test's database, and its file in the folder.
    @discardableResult
    func withNotes(_ change: (String) -> String = { $0 }) async throws -> Session {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(Self.table)
        try write(change(Self.file), as: "notes.sql")
        try write("alter table public.groups enable row level security;", as: "groups.sql")
        return session
    }

    func write(_ text: String, as name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
    }

    func read() throws -> PolicyFolder { try PolicyFolder.read(folder) }

    func plan(prune: Bool = false) async throws -> PolicyPlan {
        try await applier { $0.prunes = prune }.plan(try read())
    }

    @discardableResult
    func apply(
        as role: String = "postgres",
        _ change: (inout PolicyOptions) -> Void = { _ in }
    ) async throws -> PolicyReport {
        try await applier(as: role, change).apply(try read())
    }

    /// Applies and expects that it fails.
    func failure(
        as role: String = "postgres",
        _ change: (inout PolicyOptions) -> Void = { _ in },
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> PolicyError {
        try #require(
            await #expect(throws: PolicyError.self, sourceLocation: sourceLocation) {
                try await apply(as: role, change)
            },
            sourceLocation: sourceLocation)
    }

    func applier(
        as role: String = "postgres",
        _ change: (inout PolicyOptions) -> Void = { _ in }
    ) throws -> PolicyApplier {
        var options = PolicyOptions(toolVersion: "test")
        options.lockTimeout = .milliseconds(300)
        options.lockRetry = .none
        change(&options)
        let events = events
        return PolicyApplier(settings: try ScratchDatabase.current.settings(as: role), options: options) {
            events.note($0)
        }
    }
}

/// The events of runs, in order.
///
/// `@unchecked`: `list` is touched under `lock` alone.
final class PolicyEventLog: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [PolicyEvent] = []

    var all: [PolicyEvent] { lock.withLock { list } }
    func note(_ event: PolicyEvent) { lock.withLock { list.append(event) } }

    var retries: Int { all.count { if case .retrying = $0 { true } else { false } } }
    var blockers: [LockBlocker] {
        all.flatMap { event -> [LockBlocker] in
            guard case .blocked(_, let blockers) = event else { return [] }
            return blockers
        }
    }
}

extension Session {
    /// The first field of the first row.
    func text(_ sql: String) async throws -> String? { try await query(Query(unsafeSQL: sql)).first?[0] }

    /// The first field of each row.
    func texts(_ sql: String) async throws -> [String] {
        try await query(Query(unsafeSQL: sql)).compactMap { $0[0] }
    }
}

/// What a relation's policies, switches and privileges are, asked in other words than the tool's: pg_dump's.
enum AccessDump {
    /// The statements of `pg_dump` about policies and grants, in a fixed order.
    static func lines(of settings: ConnectionSettings) async throws -> [String] {
        let text = try await PgDump.schema(of: settings)
        let kept = [
            "GRANT ", "REVOKE ", "CREATE POLICY", "COMMENT ON POLICY", "ENABLE ROW LEVEL", "FORCE ROW LEVEL",
        ]
        // One statement may take several lines; a `;` ends it.
        return text.split(separator: ";\n").map { $0.split(separator: "\n").joined(separator: " ") }
            .filter { statement in kept.contains { statement.contains($0) } && !statement.contains("wheels_migrations")
            }
            .sorted()
    }
}
