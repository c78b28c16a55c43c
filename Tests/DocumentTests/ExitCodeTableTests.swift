import Diagnostics
import DocumentTesting
import Testing

@testable import wheels_db

/// Swift Testing has a type of this name too.
private typealias Status = wheels_db.ExitStatus

@Suite("Exit codes in README")
struct ExitCodeTableTests {
    @Test func `the table is the code's`() throws {
        let readme = try #require(try RepositoryTree.documents().first { $0.path == "README.md" })
        let expected = Status.allCases.map { "\($0.rawValue)|\($0.meaning)" }
        #expect(Self.rows(of: readme.text) == expected)
        for failureClass in FailureClass.allCases {
            #expect(Self.rows(of: readme.text).contains { $0.hasPrefix("\(Status(failureClass).rawValue)|") })
        }
    }

    @Test func `rows are read by number and meaning`() {
        let text = "| code | meaning |\n|---|---|\n| 0 | done |\n| 64 | wrong `usage` |\n| x | y |\n"
        #expect(Self.rows(of: text) == ["0|done", "64|wrong usage"])
    }

    private static func rows(of text: String) -> [String] {
        text.matches(of: #/(?m)^\| (\d+) \| (.+?) +\|$/#).map { match in
            "\(match.1)|\(match.2)".replacing("`", with: "")
        }
    }
}
