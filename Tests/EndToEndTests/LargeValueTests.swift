import Foundation
import PostgresClient
import PostgresTesting
import Testing

@Suite("Large values", .tags(.server))
struct LargeValueTests {
    private static let megabytes = 100
    /// Three times the value, and what a process takes that moves nothing.
    private static let limit = 3 * megabytes + 64

    @Test(.scratchDatabase)
    func `a value of 100 MB comes back, in memory of at most three times its size more than without it`()
        async throws
    {
        let work = try Workplace()
        let scratch = try ScratchDatabase.current
        // No more than half of it compresses away; EXTERNAL keeps the server from trying.
        try await scratch.session().executeScript(
            """
            create table public.attachment (id int primary key, body text);
            alter table public.attachment alter body set storage external;
            insert into public.attachment
              select 1, string_agg(md5(n::text), '') from generate_series(1, \(Self.megabytes) * 32768) n;
            insert into public.attachment select n, 'small ' || n from generate_series(2, 100) n;
            """
        )
        let target = try await scratch.anotherDatabase()
        #expect(try await work.makeRepository().status == 0)

        let backup = try await peakMemory(
            of: work.start(["backup", "create", "--repository", work.repository.path], on: scratch.settings))
        #expect(backup.outcome.status == 0, "\(backup.outcome)")
        #expect(backup.megabytes <= Self.limit, "a backup took \(backup.megabytes) MB")
        let verify = try await peakMemory(of: work.start(["backup", "verify"] + work.keys))
        #expect(verify.outcome.status == 0, "\(verify.outcome)")
        #expect(verify.megabytes <= Self.limit, "a verification took \(verify.megabytes) MB")
        let restore = try await peakMemory(
            of: work.start(["restore", "run", "latest", "--yes"] + work.keys, on: target))
        #expect(restore.outcome.status == 0, "\(restore.outcome)")
        #expect(restore.megabytes <= Self.limit, "a restore took \(restore.megabytes) MB")

        let check =
            "select count(*)::text, sum(length(body))::text, md5(string_agg(body, '' order by id)) from attachment"
        let expected = try await scratch.session().query(Query(unsafeSQL: check)).first
        let found = try await scratch.session(to: target).query(Query(unsafeSQL: check)).first
        for column in 0...2 { #expect(found?[column] == expected?[column]) }
        print(
            "memory of a value of \(Self.megabytes) MB: backup \(backup.megabytes) MB, verify \(verify.megabytes) MB, restore \(restore.megabytes) MB"
        )
    }

    /// Watches the largest resident size a process has had; the kernel keeps it as VmHWM (proc(5)).
    private func peakMemory(
        of program: RunningProgram
    ) async throws -> (outcome: WheelsProgram.Outcome, megabytes: Int) {
        async let outcome = program.outcome()
        var peak = 0
        while let status = try? String(contentsOfFile: "/proc/\(program.pid)/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let kilobytes = Int(line.split(whereSeparator: { !$0.isNumber }).first ?? "")
        {
            peak = max(peak, kilobytes / 1024)
            try await Task.sleep(for: .milliseconds(2))
        }
        return (try await outcome, peak)
    }
}
