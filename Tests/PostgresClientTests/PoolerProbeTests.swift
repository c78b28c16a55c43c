import Diagnostics
import PostgresClient
import PostgresTesting
import Testing

@Suite("Pooler probe", .tags(.server))
struct PoolerProbeTests {
    @Test(.scratchDatabase) func `a server without a pooler is direct`() async throws {
        let session = try await ScratchDatabase.current.session()
        #expect(try await PoolerProbe.mode(of: session) == .direct)
        #expect(await session.isInTransaction == false)
    }

    @Test(
        .scratchDatabase, .requiresPgBouncer,
        arguments: [(PgBouncerMode.session, PoolerMode.session), (.transaction, .transaction)])
    func `PgBouncer's mode is found`(mode: PgBouncerMode, expected: PoolerMode) async throws {
        let scratch = try ScratchDatabase.current
        try await withPgBouncer(mode, before: scratch.settings) { pooled in
            let session = try await scratch.session(to: pooled)
            #expect(try await PoolerProbe.mode(of: session) == expected)
            #expect(try await session.query("select 1")[0][0] == "1")
        }
    }
}
