import Foundation
import PostgresClient
import PostgresTesting
import Testing

@Suite("Deleting, bringing back, removing and checking", .tags(.server))
struct PruneTests {
    private func workplace() async throws -> Workplace {
        let work = try Workplace()
        try await ScratchDatabase.current.session().executeScript(
            """
            create table public.note (id int primary key, body text);
            insert into public.note select n, md5(n::text) from generate_series(1, 2000) n;
            """
        )
        #expect(try await work.makeRepository().status == 0)
        return work
    }

    /// Makes a backup whose rows differ from those of the last one.
    private func backUp(_ work: Workplace) async throws -> String {
        try await ScratchDatabase.current.session().execute(
            "insert into public.note select max(id) + 1, 'more' from public.note")
        let outcome = try await work.backUp(try ScratchDatabase.current.settings)
        #expect(outcome.status == 0, "\(outcome)")
        return try #require(try outcome.json()["backup"] as? String)
    }

    private func names(_ work: Workplace, _ more: [String] = []) async throws -> [String] {
        let outcome = try await work.run(["backup", "list", "--json"] + more + work.keys)
        #expect(outcome.status == 0, "\(outcome)")
        let entries = try #require(try outcome.json()["backups"] as? [[String: Any]])
        return entries.compactMap { $0["backup"] as? String }
    }

    @Test(.scratchDatabase) func `from the first backup to the removal of the last but one`() async throws {
        let work = try await workplace()
        var ids: [String] = []
        for _ in 0..<3 { ids.append(try await backUp(work)) }
        let verified = try await work.run(["backup", "verify", ids[0]] + work.keys)
        #expect(verified.status == 0, "\(verified)")

        let empty = try await work.run(["backup", "prune"] + work.keys)
        #expect(empty.status == 64, "\(empty)")
        let plan = try await work.run(["backup", "prune", "--keep-last", "1", "--dry-run", "--explain"] + work.keys)
        #expect(plan.status == 0, "\(plan)")
        #expect(plan.output.contains("newest verified") && plan.output.contains("1 would be deleted"), "\(plan)")
        #expect(try await names(work) == ids)

        let pruned = try await work.run(["backup", "prune", "--keep-last", "1", "--json"] + work.keys)
        #expect(pruned.status == 0, "\(pruned)")
        #expect(try pruned.json()["deleted"] as? [String] == [ids[1]])
        #expect(try await names(work) == [ids[0], ids[2]], "the verified and the newest one")
        #expect(try await names(work, ["--all"]) == ids)

        let back = try await work.run(["backup", "undelete", ids[1]] + work.keys)
        #expect(back.status == 0, "\(back)")
        #expect(try await names(work) == ids)

        for _ in 0..<2 {
            let outcome = try await work.run(["backup", "prune", "--keep-last", "1", "--grace", "0s"] + work.keys)
            #expect(outcome.status == 0, "\(outcome)")
        }
        #expect(try await names(work, ["--all"]) == [ids[0], ids[2]])
        let gone = try await work.run(["backup", "undelete", ids[1]] + work.keys)
        #expect(gone.status == 10, "\(gone)")

        for depth in [[], ["--read-data"], ["--list-only", "--sample", "50%"]] {
            let check = try await work.run(["repository", "check", "--json"] + depth + work.keys)
            #expect(check.status == 0, "\(depth): \(check)")
            #expect(try check.json()["backups"] as? Int == 2)
        }
        for id in [ids[0], ids[2]] {
            let outcome = try await work.run(["backup", "verify", id] + work.keys)
            #expect(outcome.status == 0, "\(outcome)")
        }
    }

    @Test(.scratchDatabase) func `times of files that somebody set do not cost the newest backup`() async throws {
        let work = try await workplace()
        var ids: [String] = []
        for _ in 0..<4 { ids.append(try await backUp(work)) }
        for (place, id) in ids.enumerated() {
            let file = work.repository.appendingPathComponent("manifests/\(id)").path
            let time = Date(timeIntervalSince1970: 1e9 - Double(place) * 1e6)
            try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: file)
        }
        for round in 0..<3 {
            let pruned = try await work.run(
                ["backup", "prune", "--keep-last", "1", "--grace", "0", "--json"] + work.keys)
            #expect(pruned.status == 0, "\(round): \(pruned)")
            #expect(pruned.output.contains("prune.orders-disagree"), "\(round): \(pruned)")
        }
        #expect(try await names(work, ["--all"]) == [ids[0], ids[3]], "the last by its file, and the newest")
        let deleted = try await work.run(["backup", "prune", "--delete", ids[0]] + work.keys)
        #expect(deleted.status == 0 && deleted.output.contains("For 7 days a deleted backup"), "\(deleted)")
        let newest = try await work.run(["backup", "prune", "--delete", ids[3]] + work.keys)
        #expect(newest.status == 19, "\(newest)")
    }

    @Test(.scratchDatabase) func `a check names what is missing and the backups and tables that it touches`()
        async throws
    {
        let work = try await workplace()
        let id = try await backUp(work)
        let chunk = try #require(work.objects().keys.filter { $0.hasPrefix("chunks/") }.min())
        try FileManager.default.removeItem(at: work.repository.appendingPathComponent(chunk))
        let check = try await work.run(["repository", "check", "--json"] + work.keys)
        #expect(check.status == 13, "\(check)")
        let problem = try #require((try check.json()["problems"] as? [[String: Any]])?.first)
        #expect(problem["object"] as? String == chunk && problem["kind"] as? String == "missing")
        #expect(problem["backups"] as? [String] == [id])
        #expect((problem["tables"] as? [String])?.contains("public.note") == true, "\(problem)")

        let writerOnly = try await work.run(
            [
                "repository", "check", "--repository", work.repository.path, "--writer-key",
                work.identity.path + ".writer-key",
            ])
        #expect(writerOnly.status == 13, "\(writerOnly)")
    }

    @Test(.scratchDatabase) func `a second run is told of the first, and goes on when that one is killed`() async throws
    {
        let work = try await workplace()
        _ = try await backUp(work)
        let settings = try ScratchDatabase.current.settings
        let blocker = try await ScratchDatabase.current.session()
        try await blocker.execute("begin")
        try await blocker.execute("lock table public.note in access exclusive mode")
        let first = try work.start(["backup", "create", "--repository", work.repository.path], on: settings)
        let isClaimed = try await eventually { work.objects().keys.contains { $0.hasPrefix("claims/") } }
        #expect(isClaimed)
        for command in [["backup", "create"], ["backup", "prune", "--keep-last", "1"]] {
            let second = try await work.run(command + ["--json"] + work.keys, on: settings)
            #expect(second.status == 11, "\(second)")
            #expect(second.errors.contains("process \(first.pid)"), "\(second)")
            #expect(second.errors.contains("backup create"), "\(second)")
        }
        // Bringing back a backup waits for no backup, and this one is not deleted.
        let undelete = try await work.run(["backup", "undelete", "2"] + work.keys)
        #expect(undelete.status == 10, "\(undelete)")

        first.send(SIGKILL)
        _ = try await first.outcome()
        try await blocker.execute("rollback")
        let third = try await work.run(["backup", "create"] + work.keys, on: settings)
        #expect(third.status == 0, "\(third)")
        #expect(!work.objects().keys.contains { $0.hasPrefix("claims/") })
        let check = try await work.run(["repository", "check"] + work.keys)
        #expect(check.status == 0, "\(check)")
    }
}
