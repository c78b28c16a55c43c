import Diagnostics
import Testing

@testable import LogicalBackup

@Suite("The egress budget of a month")
struct EgressBudgetTests {
    private let budget = EgressBudget(limit: 5_000_000_000, spent: 4_900_000_000)

    @Test func `lets through what fits, and stops before the rows what does not`() throws {
        try budget.requireRoom(for: ["public.trips": 60_000_000, "public.places": 30_000_000], received: 10_000_000)
        let estimates = [
            "public.trips": 60_000_000, "public.messages": 120_000_000, "a.a": 1, "a.b": 2, "a.c": 3, "a.d": 4,
            "a.e": 0,
        ]
        let error = try #require(throws: BackupError.self) { try budget.requireRoom(for: estimates) }
        #expect(error.code == "backup.egress-budget")
        #expect(error.failureClass == .outOfSpace)
        #expect(
            error.summary == """
                This backup would receive about 180 MB, and 100 MB are left of this month's egress budget of 5 GB. The most \
                of it would be public.messages (120 MB), public.trips (60 MB), a.d (4 B), a.c (3 B), a.b (2 B) and 1 more. \
                No row was read, and nothing was stored.
                """)
        #expect(error.remedy?.sentence.contains("--egress-budget") == true)
    }

    @Test func `is spent at its limit and beyond`() {
        #expect(EgressBudget(limit: 10, spent: 30).remaining == 0)
        #expect(throws: BackupError.self) { try EgressBudget(limit: 10, spent: 30).requireRoom(for: [:], received: 1) }
        #expect(throws: Never.self) { try EgressBudget(limit: 10, spent: 30).requireRoom(for: [:]) }
    }

    @Test func `stops a run that costs more than expected, and never lets it overshoot`() throws {
        let meter = EgressMeter(budget: EgressBudget(limit: 100, spent: 40))
        let first = try meter.reserve(20, for: "public.a")
        let second = try meter.reserve(20, for: "public.b")
        // Both are under way: a third one would be too much if they come as expected.
        #expect(throws: BackupError.self) { try meter.reserve(21, for: "public.c") }
        meter.settle(first, received: 45)
        meter.settle(second, received: 5)
        meter.receive(5)
        let last = try meter.reserve(5, for: "public.a")
        meter.settle(last, received: 5)
        let error = try #require(throws: BackupError.self) { try meter.reserve(1, for: "public.a") }
        #expect(error.failureClass == .outOfSpace)
        #expect(error.summary.contains("stopped after 60 B"))
        #expect(error.summary.contains("public.a (50 B), public.b (5 B)"))
        #expect(meter.tables == ["public.a": 50, "public.b": 5])
        #expect(meter.received == 60)
    }

    @Test func `without a budget everything is only counted, by many workers at once`() async throws {
        let meter = EgressMeter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for _ in 0..<1_000 {
                        meter.settle(try meter.reserve(1 << 40, for: "t\(worker % 2)"), received: 3)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(meter.tables == ["t0": 12_000, "t1": 12_000])
        #expect(meter.received == 24_000)
        meter.missed("pg_dump")
        #expect(meter.notCounted == ["pg_dump"])
    }

    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1_500, "1.5 kB"), (12_340_000, "12.3 MB"), (999_960_000, "1 GB"),
        (5_000_000_000, "5 GB"),
    ])
    func `is told in decimal units`(bytes: Int, text: String) {
        #expect(EgressText.bytes(bytes) == text)
    }
}
