import Foundation
import Glibc
import PostgresClient
import PostgresTesting
import Testing

/// Runs that are killed at any moment of their life: a few in `make test`, a hundred in `make soak`.
@Suite("Killed at any moment", .tags(.server))
struct KillCampaignTests {
    private static let rounds = ProcessInfo.processInfo.environment["WHEELS_SOAK"].flatMap { Int($0) } ?? 3

    private func workplace() async throws -> Workplace {
        let work = try Workplace()
        try await ScratchDatabase.current.session().executeScript(
            """
            do $$ begin for t in 1..12 loop
              execute format('create table public.t%s (id int primary key, body text)', t);
              execute format('alter table public.t%s enable row level security', t);
              execute format('insert into public.t%s select n, repeat(md5(n::text), 8) from generate_series(1, 3000) n', t);
            end loop; end $$;
            create materialized view public.totals as select count(*) from public.t1;
            grant select on public.totals to anon;
            """
        )
        #expect(try await work.makeRepository().status == 0)
        return work
    }

    /// Starts a run and kills it after a part of the time that a whole one takes; the parts are spread evenly.
    private func killed(
        _ round: Int,
        of whole: Duration,
        _ start: () throws -> RunningProgram
    ) async throws -> WheelsProgram.Outcome {
        let run = try start()
        let part = Double((round * 37) % 100) / 100
        try await Task.sleep(for: whole * (0.02 + 1.1 * part))
        run.send(SIGKILL)
        return try await run.outcome()
    }

    @Test(.scratchDatabase) func `a backup is whole or not there`() async throws {
        let work = try await workplace()
        let scratch = try ScratchDatabase.current
        let begin = ContinuousClock.now
        #expect(try await work.backUp(scratch.settings).status == 0)
        let whole = ContinuousClock.now - begin
        var made = 1
        for round in 0..<Self.rounds {
            let outcome = try await killed(round, of: whole) {
                try work.start(["backup", "create", "--repository", work.repository.path], on: scratch.settings)
            }
            #expect([0, 137].contains(outcome.status), "round \(round): \(outcome)")
            let list = try await work.run(["backup", "list", "--json"] + work.keys)
            #expect(list.status == 0, "round \(round): \(list)")
            let count = (try list.json()["backups"] as? [Any])?.count ?? 0
            // One that was killed between its last write and its last word is there, and whole.
            #expect(count == made + (outcome.status == 0 ? 1 : 0) || outcome.status == 137 && count == made + 1)
            made = count
            let verify = try await work.run(["backup", "verify", "latest"] + work.keys)
            #expect(verify.status == 0, "round \(round): \(verify)")
        }
        #expect(try await work.restore(into: scratch.anotherDatabase()).status == 0)
        print("killed backups: \(Self.rounds), of which \(made - 1) had ended")
    }

    @Test(.scratchDatabase) func `a restore is untouched, closed or proved`() async throws {
        let work = try await workplace()
        let scratch = try ScratchDatabase.current
        #expect(try await work.backUp(scratch.settings).status == 0)
        let begin = ContinuousClock.now
        #expect(try await work.restore(into: scratch.anotherDatabase()).status == 0)
        let whole = ContinuousClock.now - begin
        var states: [String: Int] = [:]
        for round in 0..<Self.rounds {
            let target = try await scratch.anotherDatabase()
            let outcome = try await killed(round, of: whole) {
                try work.start(["restore", "run", "latest", "--yes"] + work.keys, on: target)
            }
            let state = try await state(of: target)
            states[state, default: 0] += 1
            switch outcome.status {
            case 0: #expect(state == "open")
            case 137: #expect(["untouched", "closed", "open"].contains(state))
            default: Issue.record("round \(round): \(outcome)")
            }
            if state == "open" { try await PgDump.expectSchema(of: target, equals: scratch.settings) }
        }
        print(
            "killed restores: \(states.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", "))"
        )
    }

    /// What a restore has left: nothing, a database that no API role can use, or a whole one.
    private func state(of target: ConnectionSettings) async throws -> String {
        let session = try await Session.connect(to: target)
        // Sessions of a killed client end by themselves, the last one may be at work still.
        let isQuiet = try await eventually {
            try await session.query(
                """
                select count(*)::text from pg_stat_activity
                where datname = current_database() and application_name like 'wheels-db/restore%'
                """
            ).first?[0] == "0"
        }
        #expect(isQuiet)
        let rows = try await session.query(
            """
            select (to_regclass('wheels_db.restore') is not null)::text,
              count(*)::text, count(*) filter (where has_table_privilege('anon', c.oid, 'select'))::text
            from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'm')
            """
        )
        await session.close()
        let row = try #require(rows.first)
        switch (row[0], row[1], row[2]) {
        case ("false", "0", "0"): return "untouched"
        case ("true", _, "0"): return "closed"
        case ("false", "13", "13"): return "open"
        default: return "journal \(row[0] ?? "?"), \(row[1] ?? "?") tables, \(row[2] ?? "?") open to anon"
        }
    }
}
