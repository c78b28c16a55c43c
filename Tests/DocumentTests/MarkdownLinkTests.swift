import DocumentTesting
import Testing

@Suite("Links of documents")
struct MarkdownLinkTests {
    @Test func `every link within the repository leads somewhere`() throws {
        let files = try RepositoryTree.files()
        let documents = files.filter { $0.path.hasSuffix(".md") }
        #expect(documents.count > 6)
        let found = documents.flatMap { MarkdownLinks.complaints($0, among: files) }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }

    @Test func `a link to nowhere is found, a good one is not`() {
        let files = [
            RepositoryTree.File(path: "docs/A.md", text: "# One heading, two words!\n"),
            RepositoryTree.File(path: "docs/B.md", text: "# B\n"),
        ]
        func complaints(_ link: String) -> Int {
            let document = RepositoryTree.File(path: "docs/B.md", text: "# B\nSee [it](\(link)).\n")
            return MarkdownLinks.complaints(document, among: files).count
        }
        for good in ["A.md", "../docs/A.md#one-heading-two-words", "#b", "https://example.com/x", "../docs"] {
            #expect(complaints(good) == 0, "\(good)")
        }
        for bad in ["C.md", "../A.md", "A.md#two", "#c"] { #expect(complaints(bad) == 1, "\(bad)") }
    }
}
