import LogicalBackup
import PostgresClient
import PostgresTesting
import Testing

/// What has changed must be read, however it hides, and what has not must not.
@Suite("Lies about what has changed", .tags(.server))
struct NightChangeTests {
    @Test(.scratchDatabase, arguments: NightChangeGroup.all) func `are found out`(_ group: NightChangeGroup)
        async throws
    {
        let scratch = try ScratchDatabase.current
        let nights = try await Nights(scratch)
        let superuser = try await scratch.session(to: nights.source.setting("user", to: "supabase_admin"))
        try await Self.makeTablespace(by: superuser)
        try await nights.run(
            "create extension citext with schema public; grant create on schema public to service_role")
        for one in group.changes { try await nights.run(one.setup) }
        let first = try await nights.night("before")
        #expect(try first.summary().comparison == .none)
        for one in group.changes { try await nights.run(one.change) }
        let second = try await nights.night("after")
        #expect(try second.summary().comparison == .identity)
        let readings = nights.readings
        for one in group.changes {
            for (table, expected) in one.expected {
                let name = table == "renamed_table" ? "another_name" : table
                #expect(readings[name] == expected, "\(table)")
            }
        }
        let third = try await nights.night("once more")
        #expect(try third.summary().pagesRead == 0)
        #expect(Set(nights.readings.values) == [.unchanged])
        let target = try await scratch.emptyDatabase()
        // The owner of a table has to be somebody who may make one.
        try await scratch.session(to: target).executeScript("grant create on schema public to service_role")
        let report = try await nights.repository.restore(third, into: target)
        #expect(report.proof?.rows == third.rows)
    }

    /// A tablespace within the data directory, which only a superuser may ask for.
    private static func makeTablespace(by session: Session) async throws {
        let rows = try await session.query("select from pg_tablespace where spcname = 'wheels_nights'")
        guard rows.isEmpty else { return }
        try await session.executeScript("set allow_in_place_tablespaces = on")
        // Cases of this test run side by side.
        try? await session.executeScript("create tablespace wheels_nights location ''")
        try await session.executeScript("grant create on tablespace wheels_nights to postgres")
    }
}
