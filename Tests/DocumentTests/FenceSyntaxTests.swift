import DocumentTesting
import Foundation
import Testing

@testable import wheels_db

@Suite("Blocks of documents")
struct FenceSyntaxTests {
    @Test func `every block of every document is well-formed`() async throws {
        var found: [String] = []
        var count = 0
        for document in try RepositoryTree.documents() {
            for fence in try MarkdownFence.all(in: document.text, file: document.path) {
                count += 1
                guard let complaint = try await FenceSyntax.complaint(fence) else { continue }
                found.append("\(fence.file):\(fence.line): \(complaint)")
            }
        }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
        #expect(count > 10)
    }

    @Test(arguments: [
        ("", "anything"), ("sh", "if true; then"), ("console", "output first"), ("console", "$ echo 'open"),
        ("sql", "selec 1;"), ("sql", "-- nothing"), ("json", "{\"a\": }"), ("yaml", "a: [1"), ("swift", "let = 3"),
        ("yaml wheels-db.yml", "enviroments: {}"), ("crontab", "0 3 * * command"),
        ("crontab", "0 3 * * * date +%F"), ("crontab", "0 3 * * * echo 'open"), ("cobol", "STOP RUN."),
    ])
    func `a malformed block is found`(tag: String, text: String) async throws {
        #expect(try await Self.complaint(tag, text) != nil)
    }

    @Test(arguments: [
        ("text", "anything {"), ("sh", "if true; then echo yes; fi"), ("console", "$ echo \"$TARGET\"\nanything '"),
        ("sql", "select 1; create table t (i int);"), ("json", "{\"a\": [1, null]}"), ("yaml", "a: [1, 2]"),
        ("swift", "let answer = 42"), ("yaml wheels-db.yml", "api_schemas: [public]"),
        ("crontab", "MAILTO=team@example.com\n# nightly\n15 3 * * 1-5 /usr/local/bin/backup"),
    ])
    func `a well-formed block is no finding`(tag: String, text: String) async throws {
        #expect(try await Self.complaint(tag, text) == nil)
    }

    @Test func `the example configuration is one`() throws {
        let file = "Examples/wheels-db.yml"
        let text = try String(contentsOfFile: "\(RepositoryTree.root)/\(file)", encoding: .utf8)
        let configuration = try ConfigurationReader.read(text, file: file)
        #expect(configuration.environments.keys.sorted() == ["production", "staging"])
        #expect(configuration.environments["production"]?.isProtected == true)
    }

    private static func complaint(_ tag: String, _ text: String) async throws -> String? {
        let fences = try MarkdownFence.all(in: "```\(tag)\n\(text)\n```\n", file: "sample.md")
        return try await FenceSyntax.complaint(#require(fences.first))
    }
}
