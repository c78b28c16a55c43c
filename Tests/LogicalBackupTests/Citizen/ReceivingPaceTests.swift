import PostgresClient
import PostgresTesting
import Testing

@testable import LogicalBackup

@Suite("The rate of a backup", .tags(.server))
struct ReceivingPaceTests {
    /// 4 MB that do not compress, in several tables so that two workers share the rate.
    private func fill(_ scratch: ScratchDatabase) async throws {
        try await scratch.session().executeScript(
            """
            do $$ begin for t in 1..4 loop
              execute format('create table public.t%s as select n, (select string_agg(md5(random()::text || n || m), '''')
                from generate_series(1, 31) m) as body from generate_series(1, 1000) n', t);
            end loop; end $$;
            """)
    }

    @Test(.scratchDatabase) func `is held by all workers together`() async throws {
        let scratch = try ScratchDatabase.current
        try await fill(scratch)
        let pace = ReceivingPace(rate: 1_000_000)
        let begin = ContinuousClock.now
        let manifest = try await ScratchRepository().backUp(scratch.settings, jobs: 2, load: ServerLoad(pace: pace))
        let took = ContinuousClock.now - begin
        #expect(pace.record.bytes > 3_900_000)
        #expect(took > .seconds(3.5))
        #expect(took < .seconds(30))
        let mean = try #require(pace.record.bytesPerSecond)
        #expect(mean < 1_150_000, "\(pace.record)")
        #expect(mean > 300_000, "\(pace.record)")
        #expect(pace.record.waited > 2)
        #expect(try manifest.table("t1").rows == 1000)
    }

    @Test(.scratchDatabase) func `does not keep a cancelled backup`() async throws {
        let scratch = try ScratchDatabase.current
        try await fill(scratch)
        let pace = ReceivingPace(rate: 64_000)
        let load = ServerLoad(pace: pace)
        let run = Task { try await ScratchRepository().backUp(scratch.settings, load: load) }
        while pace.record.bytes == 0 { try await Task.sleep(for: .milliseconds(10)) }
        let begin = ContinuousClock.now
        run.cancel()
        await #expect(throws: (any Error).self) { try await run.value }
        #expect(ContinuousClock.now - begin < .seconds(5))
    }
}
