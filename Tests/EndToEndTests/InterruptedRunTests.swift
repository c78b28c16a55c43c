import Foundation
import Glibc
import PostgresClient
import PostgresTesting
import Testing

/// What ends a run in its middle.
enum Ending: String, Sendable, CaseIterable {
    /// Ctrl-C.
    case interrupt
    /// `kill -9`.
    case kill
    /// The server ends the run's sessions.
    case disconnect

    var status: Int32 {
        switch self {
        case .interrupt: 130
        case .kill: 128 + SIGKILL
        case .disconnect: 14
        }
    }

    /// Ends a run that works on a database.
    func end(_ run: RunningProgram, on settings: ConnectionSettings) async throws {
        switch self {
        case .interrupt: run.send(SIGINT)
        case .kill: run.send(SIGKILL)
        case .disconnect:
            let admin = try await ScratchDatabase.current.superuserSession()
            try await admin.execute(
                """
                select pg_terminate_backend(pid) from pg_stat_activity
                where datname = \(settings.database ?? "") and application_name like 'wheels-db/%'
                  and application_name <> 'wheels-db/test'
                """
            )
        }
    }
}

@Suite("Runs that are ended in their middle", .tags(.server))
struct InterruptedRunTests {
    /// A database whose rows take a while: 40 tables of 2 MB that do not compress.
    private func workplace() async throws -> Workplace {
        let work = try Workplace()
        try await ScratchDatabase.current.session().executeScript(
            """
            create function public.noise(n int) returns text language sql volatile as $$
              select string_agg(md5(random()::text), '') from generate_series(1, n) $$;
            do $$ begin for t in 1..40 loop
              execute format('create table public.t%s (id int primary key, body text)', t);
              execute format('insert into public.t%s select n, public.noise(32) from generate_series(1, 2000) n', t);
            end loop; end $$;
            """
        )
        #expect(try await work.makeRepository().status == 0)
        return work
    }

    @Test(.scratchDatabase, arguments: Ending.allCases)
    func `a backup that is ended leaves the repository good and the next one succeeds`(ending: Ending) async throws {
        let work = try await workplace()
        let scratch = try ScratchDatabase.current
        #expect(try await work.backUp(scratch.settings).status == 0)
        let objects = work.objects()
        // Rows that are there already would not be stored again.
        try await scratch.session().executeScript(
            """
            do $$ begin for t in 1..40 loop
              execute format('update public.t%s set body = public.noise(32)', t);
            end loop; end $$;
            """
        )

        let run = try work.start(
            ["backup", "create", "--repository", work.repository.path, "--jobs", "1"], on: scratch.settings)
        // A claim, a data key and a few objects, far from all: the run is among its rows.
        #expect(try await eventually { work.objects().count > objects.count + 5 })
        try await ending.end(run, on: scratch.settings)
        let outcome = try await run.outcome()
        #expect(outcome.status == ending.status, "\(outcome)")

        let list = try await work.run(["backup", "list", "--json"] + work.keys)
        #expect(list.status == 0, "\(list)")
        #expect((try list.json()["backups"] as? [Any])?.count == 1)
        let after = work.objects()
        for (name, size) in objects { #expect(after[name] == size) }
        // A run that can still act leaves what it has read for the next one.
        #expect(after.keys.contains { $0.hasPrefix("unfinished/") } == (ending != .kill))
        let check = try await work.run(["repository", "check"] + work.keys)
        #expect(check.status == 0, "\(check)")
        let prune = try await work.run(["backup", "prune", "--keep-last", "5"] + work.keys)
        #expect(prune.status == 0, "\(prune)")
        // The claim of a run that was killed may go; nothing of its rows does.
        func rows(_ objects: [String: Int]) -> [String: Int] { objects.filter { !$0.key.hasPrefix("claims/") } }
        #expect(rows(work.objects()) == rows(after))
        #expect(try await work.run(["backup", "verify"] + work.keys).status == 0)
        let session = try await scratch.session()
        let left = try await eventually {
            try await session.query(
                """
                select count(*)::text from pg_stat_activity
                where datname = current_database() and application_name = 'wheels-db/backup'
                """
            ).first?[0] == "0"
        }
        #expect(left)
        let next = try await work.backUp(scratch.settings)
        #expect(next.status == 0, "\(next)")
        let reading = try next.json()["reading"] as? [String: Any]
        let whole = try #require(reading?["pages_read"] as? Int) + (reading?["pages_kept"] as? Int ?? 0)
        if ending != .kill {
            // Five objects of forty tables are a good part.
            #expect(try #require(reading?["pages_kept"] as? Int) > whole / 40, "\(next)")
            #expect((reading?["reason"] as? String)?.contains("ended early") == true, "\(next)")
        }
        #expect(!work.objects().keys.contains { $0.hasPrefix("unfinished/") })
        #expect(try await work.run(["backup", "verify"] + work.keys).status == 0)
        let target = try await scratch.anotherDatabase()
        let restored = try await work.restore(into: target)
        #expect(restored.status == 0, "\(restored)")
        let sums = Query(
            unsafeSQL: (1...40).map { "select \($0), md5(string_agg(t::text, ',' order by id)) from public.t\($0) t" }
                .joined(separator: " union all ") + " order by 1")
        let truth = try await session.query(sums).map { $0[1] }
        #expect(try await scratch.session(to: target).query(sums).map { $0[1] } == truth)
        #expect(try await work.run(["repository", "check"] + work.keys).status == 0)
    }

    @Test(.scratchDatabase, arguments: Ending.allCases)
    func `a restore that is ended leaves the database closed and says so`(ending: Ending) async throws {
        let work = try await workplace()
        let scratch = try ScratchDatabase.current
        #expect(try await work.backUp(scratch.settings).status == 0)
        let target = try await scratch.anotherDatabase()
        let session = try await scratch.session(to: target)

        let run = try work.start(
            ["restore", "run", "latest", "--yes", "--jobs", "1"] + work.keys, on: target)
        // Some tables have rows, far from all.
        let begun = try await eventually {
            let rows = try await session.query(
                """
                select count(*)::text from pg_class
                where relnamespace = 'public'::regnamespace and relkind = 'r' and pg_relation_size(oid) > 0
                """
            )
            return rows.first?[0].flatMap { Int($0) } ?? 0 >= 3
        }
        #expect(begun)
        try await ending.end(run, on: target)
        let outcome = try await run.outcome()
        #expect(outcome.status == ending.status, "\(outcome)")
        if ending != .kill { #expect(outcome.errors.contains("half restored"), "\(outcome)") }
        try await expectClosed(target, table: "public.t1")

        let again = try await work.restore(into: target)
        #expect(again.status == 19, "\(again)")
        #expect(again.errors.contains("unfinished restore"), "\(again)")
        let fresh = try await scratch.anotherDatabase()
        let next = try await work.restore(into: fresh)
        #expect(next.status == 0, "\(next)")
    }

    @Test(.scratchDatabase) func `a backup that waits for a lock can be interrupted and writes nothing`() async throws {
        let work = try Workplace()
        let scratch = try ScratchDatabase.current
        let holder = try await scratch.session()
        try await holder.executeScript("create table public.held (id int)")
        #expect(try await work.makeRepository().status == 0)
        let objects = work.objects()
        try await holder.execute("begin")
        try await holder.execute("lock table public.held in access exclusive mode")
        let run = try work.start(["backup", "create", "--repository", work.repository.path], on: scratch.settings)
        let observer = try await scratch.session()
        let waits = try await eventually {
            try await observer.query(
                "select count(*)::text from pg_locks where not granted and relation = 'public.held'::regclass"
            ).first?[0] == "1"
        }
        #expect(waits)
        run.send(SIGINT)
        let outcome = try await run.outcome()
        #expect(outcome.status == 130, "\(outcome)")
        #expect(work.objects() == objects)
        try await holder.execute("rollback")
    }
}
