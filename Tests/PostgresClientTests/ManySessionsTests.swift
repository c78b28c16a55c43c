import Diagnostics
import LocalPostgres
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

@Suite("Many sessions", .tags(.server), .requiresServer)
struct ManySessionsTests {
    @Test(.timeLimit(.minutes(20)))
    func `sixteen sessions wait side by side, and the next one is told that the server is full`() async throws {
        var options = LocalServerOptions.throwaway
        options.maxConnections = 20
        try await withThrowawayServer(binaries: ThrowawayServer.binaries, options: options) { server in
            var sessions: [Session] = []
            let patient = RetryPolicy(limit: .seconds(10))
            for _ in 0..<16 { sessions.append(try await Session.connect(to: server.settings(), retry: patient)) }
            // Waiting sessions that held threads of Swift's pool, one a core, would never all wait at once.
            let holder = try await Session.connect(to: server.settings(user: "supabase_admin"), retry: patient)
            try await holder.execute("select pg_advisory_lock(1)")
            let answers = try await withThrowingTaskGroup { group in
                for session in sessions {
                    group.addTask { try await session.query("select pg_advisory_lock_shared(1), 1")[0][1] }
                }
                try await Victim.waitForAny(holder, until: "wait_event = 'advisory' having count(*) = 16")
                try await holder.execute("select pg_advisory_unlock(1)")
                return try await group.reduce(into: []) { $0.append($1) }
            }
            await holder.close()
            #expect(answers == Array(repeating: "1", count: 16))

            var more: [Session] = []
            let error = await #expect(throws: PostgresError.self) {
                for _ in 0..<20 { more.append(try await Session.connect(to: server.settings())) }
            }
            #expect(error?.sqlState == .tooManyConnections)
            #expect(error?.failureClass == .noConnectionSlot)
            #expect(error?.message.contains("remaining connection slots are reserved") == true)
            for session in sessions + more { await session.close() }
        }
    }
}
