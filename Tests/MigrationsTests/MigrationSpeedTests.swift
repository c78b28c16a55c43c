import Migrations
import PostgresClient
import PostgresTesting
import Testing

@Suite("Long files", .tags(.server), .serialized)
struct MigrationSpeedTests {
    /// Bounds are many times what two busy cores need (a few seconds in all); a quadratic step takes minutes.
    private func measured(_ script: String, rows: Int, below limit: Duration) async throws {
        let bench = try MigrationBench().write("create table public.a (id int, note text);", script)
        let clock = ContinuousClock()
        let read = try clock.measure { _ = try bench.read() }
        let up = try await clock.measure { try await bench.up() }
        let again = try await clock.measure { try await bench.up() }
        #expect(read + up + again < limit, "read \(read), up \(up), nothing to do \(again)")
        let session = try await ScratchDatabase.current.session()
        #expect(try await session.text("select count(*)::text from public.a") == "\(rows)")
    }

    @Test(.scratchDatabase) func `five thousand INSERTs`() async throws {
        let script = (1...5_000).map { "insert into public.a values (\($0), 'row \($0) größe');\n" }.joined()
        try await measured(script, rows: 5_000, below: .seconds(120))
    }

    @Test(.scratchDatabase) func `five megabytes in twenty thousand statements`() async throws {
        let note = String(repeating: "é🐘 ", count: 30)
        let script = (1...20_000).map { "-- row \($0)\ninsert into public.a values (\($0), '\(note)');\n" }.joined()
        try await measured(script, rows: 20_000, below: .seconds(300))
    }

    @Test(.scratchDatabase) func `five megabytes in one statement`() async throws {
        let rows = (1...50_000).map { "(\($0), '\(String(repeating: "\\\"", count: 40))')" }.joined(separator: ",\n")
        try await measured("insert into public.a values \(rows);", rows: 50_000, below: .seconds(300))
    }

    @Test(.scratchDatabase) func `a thousand functions with their parse trees`() async throws {
        let script = (1...1_000).map { number in
            "create function public.f\(number)(a int) returns int language plpgsql as $$\nbegin\n"
                + String(repeating: "  a := a + 1; -- größe\n", count: 40) + "  return a;\nend $$;\n"
        }.joined()
        try await measured(script, rows: 0, below: .seconds(300))
    }
}
