import Testing

@testable import PoolChecks

@Suite("The statements that enforce a budget")
struct ConnectionLimitsTests {
    private func script(_ services: DeclaredService...) -> String {
        var budget = PoolBudget()
        budget.services = services
        return ConnectionLimits(budget).script
    }

    @Test func `a role gets what its services open at a deploy, together`() {
        let pools = [
            DeclaredPool(name: "a", size: 2, overflow: 1), DeclaredPool(name: "r", size: 9, resource: "redis"),
        ]
        #expect(
            script(
                DeclaredService(name: "api", role: "app", pools: pools),
                DeclaredService(name: "worker", processes: 2, surge: 0, role: "app", pools: pools)
            ) == "alter role \"app\" connection limit 12;  -- api, worker\n")
    }

    @Test func `behind the pooler it is the pool that counts`() {
        #expect(
            script(
                DeclaredService(
                    name: "api", role: "App \"1\"", route: .transaction, pools: [DeclaredPool(name: "a", size: 99)]))
                == "alter role \"App \"\"1\"\"\" connection limit 15;  -- api\n")
    }

    @Test(arguments: [nil, "postgres", "supabase_admin"] as [String?])
    func `a role that is not the service's own gets no limit, and the reason is said`(role: String?) {
        let text = script(DeclaredService(name: "api", role: role, pools: [DeclaredPool(name: "a", size: 9)]))
        #expect(text.hasPrefix("-- api cannot be held to its budget: "))
        #expect(!text.contains("alter role"))
    }

    @Test func `a service without a pool of the database needs none`() {
        #expect(script(DeclaredService(name: "beat")).isEmpty)
    }
}
