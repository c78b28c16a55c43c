import Foundation
import Testing

@Suite("The budget of the app's pools")
struct PoolBudgetTests {
    private static let example = Workplace.package.appendingPathComponent("Examples/wheels-db.yml").path

    @Test func `the pools that the app declares are too many, and it is said whose`() async throws {
        let outcome = try await Workplace().run(["pool", "budget", "--config", Self.example])
        #expect(outcome.status == 2, "\(outcome)")
        for line in [
            "worker sqlalchemy                1 × 4 × (20 + 30)          200          200   392 %",
            "sum                                                         539          741  1453 %",
            "Too many: 488 too many steadily, 690 too many while a deploy runs.",
            "Too many: 80 too many steadily, 190 too many while a deploy runs.",
        ] { #expect(outcome.output.contains(line), "\(outcome)") }
    }

    @Test func `the proposed numbers, written into the configuration, fit`() async throws {
        let work = try Workplace()
        let first = try await work.run(["pool", "budget", "--json", "--config", Self.example])
        let resources = try #require(try first.json()["resources"] as? [[String: Any]])
        #expect(try first.json()["can_fit"] as? Bool == true)
        var text = try String(contentsOfFile: Self.example, encoding: .utf8)
        var changed = 0
        for change in resources.flatMap({ $0["plan"] as? [[String: Any]] ?? [] }) {
            let service = try #require(change["service"] as? String)
            let pool = try #require(change["pool"] as? String)
            let size = try #require(change["size"] as? Int)
            let overflow = try #require(change["overflow"] as? Int)
            var lines = text.components(separatedBy: "\n")
            let start = try #require(lines.firstIndex(of: "  \(service):"))
            let line = try #require(lines[start...].firstIndex { $0.contains("name: \(pool),") })
            lines[line] = lines[line]
                .replacing(#/size: \d+/#, with: "size: \(size)").replacing(
                    #/overflow: \d+/#, with: "overflow: \(overflow)")
            text = lines.joined(separator: "\n")
            changed += 1
        }
        #expect(changed == 12)
        let file = try work.write(text, to: "fitting.yml")
        let second = try await work.run(["pool", "budget", "--config", file])
        #expect(second.status == 0, "\(second)")
        #expect(second.output.contains("It fits"))
    }

    @Test func `the statements alone can be piped into psql`() async throws {
        let outcome = try await Workplace().run(["pool", "budget", "--sql", "--config", Self.example])
        #expect(outcome.status == 2)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.first == "alter role \"app_backend\" connection limit 2;  -- backend")
        #expect(lines.count == 4 && lines.allSatisfy { $0.hasPrefix("alter role ") })
    }

    @Test func `without a configuration it says what is missing, and when nothing fits there are no statements`()
        async throws
    {
        let work = try Workplace()
        #expect(try await work.run(["pool", "budget"]).status == 64)
        try work.write(
            "services:\n  w:\n    instances: 50\n    processes: 4\n    pools: [{name: a, size: 5}]\n",
            to: "wheels-db.yml")
        let sql = try await work.run(["pool", "budget", "--sql"])
        #expect(sql.status == 2 && sql.output.isEmpty, "\(sql)")
        let text = try await work.run(["pool", "budget"])
        #expect(text.status == 2 && text.output.contains("No pool sizes fit"), "\(text)")
        #expect(text.output.contains("What helps:\n  - Use the pooler in transaction mode"), "\(text)")
    }
}
