import Foundation
import PostgresClient
import PostgresTesting
import Testing

@Suite("drill", .tags(.server))
struct DrillTests {
    /// A project with rows, a role of its own, and a backup of it.
    private func backedUp(_ work: Workplace) async throws -> ConnectionSettings {
        #expect(try await work.makeRepository().status == 0)
        let settings = try ScratchDatabase.current.settings
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(
            """
            create extension if not exists citext with schema public;
            create table public.trips (id int primary key, name citext not null, starts date, ends date);
            insert into public.trips select n, 'trip ' || n, date '2026-01-01' + n, date '2026-01-02' + n
              from generate_series(1, 99) n;
            alter table public.trips enable row level security;
            create policy own on public.trips for select to authenticated using (true);
            """)
        let made = try await work.backUp(settings)
        #expect(made.status == 0, "\(made)")
        return settings
    }

    /// Runs a drill; the server's own account has to enter the folder for its files.
    private func runDrill(_ work: Workplace, _ arguments: [String]) async throws -> WheelsProgram.Outcome {
        try await work.program.run(arguments, adding: ["TMPDIR": "/tmp"])
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(5)))
    func `restores, proves, asks and records`() async throws {
        let work = try Workplace()
        _ = try await backedUp(work)
        try work.write("select count(*) = 99 as all_trips from public.trips", to: "drills/trips.sql")
        try work.write("select id from public.trips where ends < starts", to: "drills/order.sql")
        try work.write(
            "do $$ begin assert (select relrowsecurity from pg_class where relname = 'trips'), 'open'; end $$",
            to: "drills/closed.sql")
        let drill = try await runDrill(work, ["drill", "--json"] + work.keys)
        #expect(drill.status == 0, "\(drill)")
        let record = try #require(try drill.json()["record"] as? [String: Any])
        #expect(record["passed"] as? Bool == true && record["assertions"] as? Int == 3, "\(drill)")
        #expect(record["rows"] as? Int == 99, "\(drill)")
        #expect(record["recovery_seconds"] as? Double ?? 0 > 0.1, "\(drill)")
        let names = work.objects().keys.filter { $0.hasPrefix("drills/") }
        #expect(names.count == 1)

        let again = try await runDrill(work, ["drill", "--max-age", "1h"] + work.keys)
        #expect(again.status == 0 && again.output.hasPrefix("Nothing to do"), "\(again)")
        #expect(try await work.run(["repository", "check"] + work.keys).status == 0)

        // What a monitor asks.
        let check = ["backup", "check", "--max-drill-age", "1h"] + work.keys
        let good = try await work.run(check)
        #expect(good.status == 0 && good.output.hasPrefix("OK"), "\(good)")
        try work.write("recovery: { time: 1s }\n", to: "wheels-db.yml")
        let slow = try await work.run(check)
        #expect(slow.status == 2 && slow.output.contains("more than the 1 s of recovery.time"), "\(slow)")
        try await Task.sleep(for: .seconds(1.1))
        let old = try await work.run(["backup", "check", "--max-drill-age", "1s"] + work.keys)
        #expect(old.status == 2 && old.output.contains("that passed is too old"), "\(old)")
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(5)))
    func `an assertion that does not hold is told with what is wrong, and the drill has not passed`() async throws {
        let work = try Workplace()
        _ = try await backedUp(work)
        try work.write("select count(*) > 1000 as enough from public.trips", to: "drills/a.sql")
        try work.write("select id, name from public.trips where id > 96 order by id", to: "drills/b.sql")
        try work.write("delete from public.trips", to: "drills/c.sql")
        try work.write("select count(*) = 99 as still_there from public.trips", to: "drills/d.sql")
        let drill = try await runDrill(work, ["drill"] + work.keys)
        #expect(drill.status == 2, "\(drill)")
        #expect(drill.output.hasPrefix("FAILED") && drill.output.contains("1 of 4 assertions hold"), "\(drill)")
        #expect(drill.errors.contains("enough is false"), "\(drill)")
        #expect(drill.errors.contains("3 rows are wrong: id=97 name=trip 97; id=98"), "\(drill)")
        #expect(drill.errors.contains("read-only transaction"), "\(drill)")
        let check = try await work.run(["backup", "check", "--max-drill-age", "1h"] + work.keys)
        #expect(check.status == 2 && check.output.contains("has passed yet"), "\(check)")
        // One that failed does not count as the last one that passed.
        let again = try await runDrill(work, ["drill", "--max-age", "1h"] + work.keys)
        #expect(again.status == 2, "\(again)")
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(5)))
    func `a target that is missed is a finding, and damage is recorded as a drill that failed`() async throws {
        let work = try Workplace()
        _ = try await backedUp(work)
        try work.write("recovery: { time: 1s, point: 1h }\n", to: "wheels-db.yml")
        let slow = try await runDrill(work, ["drill", "--json"] + work.keys)
        let findings = try #require(try slow.json()["findings"] as? [[String: Any]])
        let took = (try slow.json()["record"] as? [String: Any])?["recovery_seconds"] as? Double ?? 0
        #expect(took > 1, "\(slow)")
        #expect(slow.status == 2 && findings.contains { $0["code"] as? String == "drill.recovery.time" }, "\(slow)")

        for chunk in work.objects().keys where chunk.hasPrefix("chunks/") {
            let file = work.repository.appendingPathComponent(chunk)
            var bytes = try Data(contentsOf: file)
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: file)
        }
        let damaged = try await runDrill(work, ["drill"] + work.keys)
        #expect(damaged.status == 13, "\(damaged)")
        let status = try await work.run(
            ["status", "--json"] + work.keys, on: try ScratchDatabase.current.settings)
        let last = try #require(try status.json()["drill"] as? [String: Any], "\(status)")
        #expect(last["passed"] as? Bool == false, "\(status)")
    }

    @Test(.timeLimit(.minutes(1))) func `what cannot be asked ends before a server starts`() async throws {
        let work = try Workplace()
        #expect(try await work.makeRepository().status == 0)
        let none = try await runDrill(work, ["drill"] + work.keys)
        #expect(none.status == 10, "\(none)")
        try work.write("selec 1", to: "drills/a.sql")
        let wrong = try await runDrill(work, ["drill"] + work.keys)
        #expect(wrong.status == 64 && wrong.errors.contains("a.sql"), "\(wrong)")
        try work.write("-- nothing", to: "drills/a.sql")
        let empty = try await runDrill(work, ["drill"] + work.keys)
        #expect(empty.status == 64 && empty.errors.contains("holds no statement"), "\(empty)")
    }
}
