import PostgresTesting
import SQLText
import Testing

@testable import Policies

@Suite("Lint rules")
struct LintRuleTests {
    @Test func `names are unique, and each rule explains itself`() {
        let infos = PolicyLinter.rules.map { $0.info }
        #expect(Set(infos.map(\.name)).count == infos.count)
        for info in infos {
            #expect(
                info.summary.hasSuffix(".") && info.reason.count > 60 && !info.bad.isEmpty && !info.good.isEmpty,
                "\(info.name)")
        }
    }

    @Test func `the advisor's lints of the list are all there, under their numbers`() {
        let numbers = PolicyLinter.rules.compactMap { $0.info.number }
        #expect(
            numbers == [
                "0002", "0003", "0006", "0007", "0008", "0010", "0011", "0013", "0014", "0015", "0016", "0017", "0023",
                "0024", "0028", "0029",
            ])
    }

    @Test func `the examples are SQL`() throws {
        for info in PolicyLinter.rules.map({ $0.info }) where info.name != "exception_unused" {
            #expect(try !StatementSplitter.split(info.bad).isEmpty, "\(info.name)")
            #expect(try !StatementSplitter.split(info.good).isEmpty, "\(info.name)")
        }
    }
}
