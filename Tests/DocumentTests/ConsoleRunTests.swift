import DocumentTesting
import Testing

/// A document and the console blocks that the tests run.
struct RunnableDocument: Sendable, CustomTestStringConvertible {
    let path: String
    let blocks: [MarkdownFence]

    var testDescription: String { path }

    static let all: [RunnableDocument] = {
        let documents = (try? RepositoryTree.documents()) ?? []
        return documents.compactMap { document in
            let fences = (try? MarkdownFence.all(in: document.text, file: document.path)) ?? []
            let blocks = fences.filter { $0.language == "console" && $0.attributes.contains("run") }
            return blocks.isEmpty ? nil : RunnableDocument(path: document.path, blocks: blocks)
        }
    }()
}

@Suite("Console blocks", .tags(.server))
struct ConsoleRunTests {
    @Test(arguments: RunnableDocument.all)
    func `what a document shows is what happens`(document: RunnableDocument) async throws {
        let transcripts = try document.blocks.map(ConsoleTranscript.init)
        let deviations = try await DocumentShell.deviations(of: transcripts, file: document.path)
        #expect(deviations.isEmpty, "\(deviations.map(\.description).joined(separator: "\n\n"))")
    }

    @Test func `the README is among the documents that are run`() {
        #expect(RunnableDocument.all.contains { $0.path == "README.md" })
    }

    @Test(arguments: [
        ("$ echo one\ntwo\n", "two"), ("$ false\n", "exit status 1"), ("$ true\n[exit 3]\n", "exit status 3"),
        ("$ exit 0\n$ echo never\nnever\n", "not run to its end"),
    ])
    func `a document that is not true is found`(text: String, complaint: String) async throws {
        let deviations = try await Self.deviations(text)
        #expect(deviations.count == 1)
        #expect(deviations.first?.description.contains(complaint) == true, "\(deviations)")
    }

    @Test func `blocks of a document share their folder and variables`() async throws {
        let text = """
            $ mkdir inner && cd inner && word=kept
            $ basename "$PWD"; echo "$word"
            inner
            kept
            $ echo to stderr >&2; ls ../migrations | head -1; (exit 7)
            to stderr
            …_types_and_helpers.sql
            [exit 7]
            $ echo "${DATABASE_URL-unset}"; wheels-db --version
            unset
            …
            """
        #expect(try await Self.deviations(text) == [])
    }

    private static func deviations(_ text: String) async throws -> [DocumentShell.Deviation] {
        let fences = try MarkdownFence.all(in: "```console run\n\(text)\n```\n", file: "sample.md")
        return try await DocumentShell.deviations(of: fences.map(ConsoleTranscript.init), file: "sample.md")
    }
}

extension Tag {
    /// Needs a PostgreSQL server.
    @Tag static var server: Tag
}
