import Diagnostics
import PoolChecks
import Testing

@testable import wheels_db

@Suite("Pools in the configuration")
struct PoolConfigurationTests {
    @Test func `every field of a service reaches the budget`() throws {
        let text = """
            connections: {limit: 90, reserved: 4, margin: 0, pooler: {pool_size: 7, max_clients: 50}, platform: {auth: 1}}
            services:
              api:
                instances: 2
                max_instances: 5
                processes: 3
                surge: 1
                role: app
                application: api
                pooled: transaction
                pools: [{name: a, size: 4, overflow: 2, min: 0}]
            """
        let budget = PoolBudget(try ConfigurationReader.read(text, file: "f.yml"))
        #expect(budget.available == 86 && budget.capacity == 86)
        #expect(budget.pooler.poolSize == 7 && budget.pooler.maxClients == 50)
        #expect(budget.platform.first { $0.name == "auth" }?.peak == 1)
        #expect(
            budget.services == [
                DeclaredService(
                    name: "api", instances: 5, processes: 3, surge: 1, role: "app", application: "api",
                    route: .transaction, pools: [DeclaredPool(name: "a", size: 4, overflow: 2, minimum: 0)])
            ])
    }

    @Test(arguments: [
        ("services: {api: {max_instances: 0, instances: 2}}", "a whole number from 2 to 10000"),
        ("services: {api: {pooled: transactional}}", "direct, session, transaction"),
        ("services: {api: {pols: []}}", "Did you mean \"pools\"?"),
        ("services: {api: {pools: [{name: a, size: 2, min: 3}]}}", "from 0 to 2"),
        ("services: {api: {pools: [{name: a, size: 2}, {name: a, size: 3}]}}", "two pools named \"a\""),
        ("services: {api: {pools: [{name: a, size: 20000}]}}", "from 0 to 10000"),
        ("connections: {platform: {storge: 1}}", "Did you mean \"storage\"?"),
        ("connections: {pooler: {size: 1}}", "Known keys of connections.pooler: pool_size, max_clients."),
    ])
    func `a mistake is refused with the place`(text: String, says: String) throws {
        let error = try #require(throws: CommandError.self) { try ConfigurationReader.read(text, file: "f.yml") }
        #expect(error.description.contains(says), "\(error.description)")
        #expect(error.span != nil && error.failureClass == .usage)
    }
}
