import Testing

@testable import PoolChecks

@Suite("The budget of declared pools")
struct PoolBudgetTests {
    private func budget(_ services: DeclaredService...) -> PoolBudget {
        var budget = PoolBudget()
        budget.platform = []
        budget.margin = 0
        budget.services = services
        return budget
    }

    @Test func `of 60 connections 57 are to be had, and a tenth of them stays free`() {
        var budget = PoolBudget()
        #expect(budget.available == 57)
        #expect(budget.marginInForce == 6)
        #expect(budget.capacity == 51)
        budget.limit = 20
        #expect(budget.marginInForce == 3)
        budget.limit = 2
        #expect(budget.available == 0)
        #expect(budget.capacity == 0)
    }

    @Test func `counts instances, processes, size and overflow, and twice the instances while a deploy runs`() throws {
        let report = budget(
            DeclaredService(
                name: "api", instances: 2, processes: 3, pools: [DeclaredPool(name: "a", size: 4, overflow: 1)]),
            DeclaredService(
                name: "cron", processes: 2, surge: 0, pools: [DeclaredPool(name: "b", size: 7)])
        ).report()
        let database = try #require(report.resources.first)
        #expect(database.consumers.map(\.steady) == [30, 14])
        #expect(database.consumers.map(\.peak) == [60, 14])
        #expect(database.consumers.first?.formula == "2 × 3 × (4 + 1)")
        #expect(!report.fits)
        #expect(database.plan?.changes.map(\.freed) == [24])
    }

    @Test func `a budget that is met exactly fits, and one connection more does not`() {
        let fits = budget(DeclaredService(name: "api", surge: 0, pools: [DeclaredPool(name: "a", size: 57)]))
        let over = budget(DeclaredService(name: "api", surge: 0, pools: [DeclaredPool(name: "a", size: 58)]))
        #expect(fits.report().fits)
        #expect(!over.report().fits)
        #expect(over.report().changes.map(\.after.size) == [57])
    }

    @Test func `the overflow goes before the size, and never below the minimum`() {
        let pool = DeclaredPool(name: "a", size: 20, overflow: 30)
        #expect(pool.limited(to: 35) == DeclaredPool(name: "a", size: 20, overflow: 15))
        #expect(pool.limited(to: 3) == DeclaredPool(name: "a", size: 3))
        let report = budget(
            DeclaredService(
                name: "api", surge: 0,
                pools: [
                    DeclaredPool(name: "a", size: 50, minimum: 50), DeclaredPool(name: "b", size: 10, minimum: 2),
                ])
        ).report()
        #expect(report.changes.map(\.after) == [DeclaredPool(name: "b", size: 7, minimum: 2)])
    }

    @Test func `says when no sizes fit, and what would help`() throws {
        let report = budget(
            DeclaredService(name: "worker", instances: 10, processes: 4, pools: [DeclaredPool(name: "a", size: 5)])
        ).report()
        let database = try #require(report.resources.first)
        #expect(database.plan == nil)
        #expect(database.floor == 80)
        #expect(!report.canFit)
        #expect(database.otherWays.contains { $0.contains("at most 15 connections") && $0.contains("57 are free") })
        #expect(database.otherWays.contains { $0.contains("surge: 0") && $0.contains("200") })
        #expect(database.otherWays.contains { $0.contains("still take 80 at a deploy") })
        #expect(database.otherWays.contains { $0.contains("4XL (480 connections)") })
    }

    @Test func `services behind the pooler cost no more than its pool, once for each role and mode`() throws {
        let pools = [DeclaredPool(name: "a", size: 40)]
        var budget = budget(
            DeclaredService(name: "api", role: "app", route: .transaction, pools: pools),
            DeclaredService(name: "worker", role: "app", route: .transaction, pools: pools),
            DeclaredService(name: "bot", role: "bot", route: .transaction, pools: [DeclaredPool(name: "a", size: 2)]))
        let report = budget.report()
        let database = try #require(report.resources.first)
        #expect(database.consumers.map(\.peak) == [15, 4])
        #expect(report.fits)
        budget.pooler.maxClients = 100
        let clients = try #require(budget.report().resources.first { $0.name == "pooler clients" })
        #expect(clients.peak == 164)
        #expect(clients.plan != nil)
        #expect(budget.applying(budget.report()).report().fits)
    }

    @Test func `in session mode clients beyond the pool are too many`() throws {
        let budget = budget(
            DeclaredService(name: "api", surge: 0, route: .session, pools: [DeclaredPool(name: "a", size: 20)]))
        let report = budget.report()
        #expect(report.resources.first?.fits == true)
        let pooler = try #require(report.resources.last)
        #expect(pooler.name == "pooler, session mode, role postgres")
        #expect(report.changes.map(\.after.size) == [15])
        #expect(budget.applying(report).report().fits)
    }

    @Test func `other resources have budgets of their own`() throws {
        var budget = budget(
            DeclaredService(
                name: "api",
                pools: [DeclaredPool(name: "a", size: 5), DeclaredPool(name: "cache", size: 50, resource: "redis")]))
        budget.resources = ["redis": 30]
        let report = budget.report()
        #expect(report.resources.map(\.name) == ["database", "redis"])
        #expect(report.resources.map(\.fits) == [true, false])
        #expect(report.changes.map(\.after.size) == [15])
    }

    @Test func `numbers of the configuration take the place of the usual ones`() {
        let platform = PlatformConsumer.defaults(changedBy: ["realtime": 3, "studio": 0])
        #expect(platform.first { $0.name == "realtime" }.map { [$0.steady, $0.peak] } == [3, 3])
        #expect(platform.first { $0.name == "rest" }?.peak == 11)
        #expect(PlatformConsumer.defaults.reduce(0) { $0 + $1.peak } == 41)
        #expect(PlatformConsumer.defaults.allSatisfy { !$0.source.isEmpty })
    }

    @Test(arguments: 0..<300)
    func `a proposed plan fits when it is budgeted again`(seed: UInt64) {
        var random = SeededRandom(seed)
        var budget = PoolBudget()
        budget.limit = Int.random(in: 10...120, using: &random)
        budget.resources = ["redis": Int.random(in: 1...60, using: &random)]
        budget.services = (0..<Int.random(in: 0...5, using: &random)).map { number in
            DeclaredService(
                name: "s\(number)", instances: Int.random(in: 0...4, using: &random),
                processes: Int.random(in: 1...4, using: &random),
                surge: Bool.random(using: &random) ? Int.random(in: 0...2, using: &random) : nil,
                role: ["app", "worker", nil].randomElement(using: &random) ?? nil,
                route: [.direct, .direct, .direct, .session, .transaction].randomElement(using: &random) ?? .direct,
                pools: (0..<Int.random(in: 0...3, using: &random)).map { pool in
                    let size = Int.random(in: 0...25, using: &random)
                    return DeclaredPool(
                        name: "p\(pool)", size: size, overflow: Int.random(in: 0...20, using: &random),
                        minimum: Int.random(in: 0...2, using: &random),
                        resource: ["database", "redis"].randomElement(using: &random) ?? "database")
                })
        }
        let report = budget.report()
        let again = budget.applying(report).report()
        for (before, after) in zip(report.resources, again.resources) {
            #expect(after.fits == (before.fits || before.plan != nil), "\(before.name) of \(budget)")
            #expect(before.fits || before.plan != nil || before.floor > before.capacity)
        }
        #expect(again.fits == report.canFit)
        #expect(report.changes.allSatisfy { $0.after.most >= min($0.before.minimum, $0.before.most) })
        if report.canFit {
            let limits = ConnectionLimits(budget.applying(report)).limits.reduce(0) { $0 + $1.connections }
            #expect(limits <= max(0, budget.capacity - budget.platform.reduce(0) { $0 + $1.peak }))
        }
    }
}
