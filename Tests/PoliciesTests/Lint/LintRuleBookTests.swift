import Foundation
import Testing

@testable import Policies

@Suite("Book of the lint rules")
struct LintRuleBookTests {
    private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/LINT-RULES.md")

    @Test func `docs/LINT-RULES.md says what the rules say`() throws {
        if ProcessInfo.processInfo.environment["WHEELS_WRITE_MANUAL"] == "1" {
            try LintRuleBook.markdown.write(to: Self.path, atomically: true, encoding: .utf8)
        }
        let committed = try String(contentsOf: Self.path, encoding: .utf8)
        #expect(committed == LintRuleBook.markdown, "docs/LINT-RULES.md is stale: make manual writes it anew.")
    }

    @Test func `every rule has its chapter and its line`() {
        let page = LintRuleBook.markdown
        for info in PolicyLinter.rules.map({ $0.info }) {
            #expect(page.contains("\n## \(info.name)\n") && page.contains("| [\(info.name)](#\(info.name)) |"))
            #expect(info.number != nil || info.link == "docs/LINT-RULES.md#\(info.name)")
        }
    }
}
