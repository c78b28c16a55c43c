import ArchiveRepository
import Foundation
import PostgresClient
import PostgresTesting
import Testing

/// A month of nights on one machine: what cron would run, with the configuration of Examples, by a clock of the test.
@Suite("Thirty nights", .tags(.server))
struct ThirtyNightsTests {
    private static let day: TimeInterval = 86_400
    /// The first night, a Saturday, so that the nights end with a week and hold the end of a month.
    private static let first = Date(timeIntervalSince1970: 1_768_608_000)  // 2026-01-17T00:00:00Z
    /// The night in which the database cannot be reached: one in which everything would be read, and a drill be held.
    private static let down = 14
    /// The night in which the store has no more room.
    private static let full = 18
    private static let nobody = "postgresql://postgres@127.0.0.1:9/postgres?connect_timeout=1"

    /// When something of a night runs; timers do not keep their minute.
    private static func moment(_ night: Int, hour: Double) -> Date {
        let jitter = Double((night * 5) % 21 - 10) * 60
        return first.addingTimeInterval(Double(night) * day + hour * 3_600 + jitter)
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(10)))
    func `keep, read, drill, count and tell as the documents say`() async throws {
        let scratch = try ScratchDatabase.current
        let session = try await scratch.session()
        try await session.executeScript(
            """
            create table public.trips (id int primary key, name text not null);
            insert into public.trips select n, md5(n::text) from generate_series(1, 2000) n;
            """)
        let nights = try SimulatedNights(database: scratch.settings.url)
        let made = await nights.run(
            ["repository", "init", "--repository", "memory", "--new-identity", nights.work.identity.path],
            at: Self.moment(0, hour: 1))
        try #require(made.status == 0, "\(made)")

        var record = NightRecord()
        for night in 0..<30 {
            try await session.executeScript(
                """
                insert into public.trips select 10000 + \(night) * 50 + n, md5(random()::text)
                  from generate_series(1, 50) n;
                """)
            try await self.night(night, nights, &record)
        }

        #expect(record.fullReads == [0, 7, 15, 22, 29])
        #expect(record.drills == [0, 7, 14, 21, 28])
        // By hand, from Examples/wheels-db.yml: last 3 and within 7d (Feb 13 to 15, 8 to 15), 14 days that have a
        // backup (Feb 1 to 15 without the 4th), the last of each week (Jan 18 and 25, Feb 1, 8 and 15) and of each month.
        let days = ["0118", "0125", "0130", "0201", "0202", "0203"] + (5...15).map { "02\($0 < 10 ? "0" : "")\($0)" }
        #expect(record.kept.map { String($0.prefix(8)) }.sorted() == days.map { "2026\($0)" })

        // What stays is whole, to the oldest.
        let last = Self.moment(30, hour: 1)
        let check = await nights.run(["repository", "check"], at: last)
        #expect(check.status == 0, "\(check)")
        let oldest = try #require(record.kept.min())
        for backup in [oldest, "latest"] {
            let verified = await nights.run(["backup", "verify", backup], at: last)
            #expect(verified.status == 0, "\(verified)")
        }
    }

    /// One night: a backup, the question for it, a prune, a drill; and what was heard of them.
    private func night(_ night: Int, _ nights: SimulatedNights, _ record: inout NightRecord) async throws {
        let comment = Comment("night \(night)")
        let isDown = night == Self.down
        let isFull = night == Self.full
        var expected = ["/ping/start"]

        if isFull { nights.store.limit(to: 6_000) }
        let wait = isDown ? ["--wait-timeout", "0s"] : []
        let create = await nights.run(
            ["backup", "create", "--json"] + wait, at: Self.moment(night, hour: 3.25), on: isDown ? Self.nobody : nil)
        nights.store.limit(to: nil)
        #expect(create.status == (isDown ? 14 : isFull ? 17 : 0), "\(comment): \(create)")
        if create.status == 0 {
            try record.add(night, try create.json())
        } else {
            let error = try #require(try create.json()["error"] as? [String: Any], comment)
            expected.append("backup create: failure \(create.status) \(error["code"] ?? "?")")
            if isFull { record.hasUncounted = true }
        }
        expected.append(create.status == 0 ? "/ping" : "/ping/fail")

        let check = await nights.run(["backup", "check"], at: Self.moment(night, hour: 3.75))
        let isStale = isDown || isFull
        #expect(check.status == (isStale ? 2 : 0), "\(comment): \(check)")
        if isStale { expected.append("backup check: findings 2 backup.stale") }

        let pruning = Self.moment(night, hour: 4)
        let prune = await nights.run(["backup", "prune"], at: pruning)
        #expect(prune.status == 0, "\(comment): \(prune)")
        let list = await nights.run(["backup", "list", "--json"], at: pruning)
        let backups = try list.json()["backups"] as? [[String: Any]] ?? []
        try record.prune(at: pruning, left: backups.compactMap { $0["backup"] as? String })
        let manifests = try nights.store.list("manifests/").map { String($0.name.description.dropFirst(10)) }
        #expect(Set(manifests) == record.stored(at: pruning), comment)

        let drill = await nights.run(
            ["drill", "--max-age", "7d", "--json"], at: Self.moment(night, hour: 5))
        let document = try drill.json()
        if let held = document["record"] as? [String: Any] {
            record.drills.append(night)
            #expect(held["passed"] as? Bool == true, "\(comment): \(drill)")
        }
        // A drill of the backup of the night before is held, and its recovery point is missed.
        let misses = isDown
        #expect(drill.status == (misses ? 2 : 0), "\(comment): \(drill)")
        if misses { expected.append("drill: findings 2 drill.recovery.point") }

        let heard = try nights.heard(since: record.messages)
        record.messages = heard.count
        #expect(heard.words == expected, comment)
    }
}
