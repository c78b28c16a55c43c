import DocumentTesting
import Foundation
import Testing

@testable import wheels_db

@Suite("docs/CONFIG.md")
struct ConfigurationDocumentTests {
    private let text: String

    init() throws {
        text = try #require(try RepositoryTree.documents().first { $0.path == "docs/CONFIG.md" }).text
    }

    /// The names in lists of keys in the reader's sources, whatever they are called there.
    private static func keys() throws -> Set<String> {
        let folder = "\(RepositoryTree.root)/Sources/wheels-db/Configuration"
        var keys: Set<String> = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasSuffix(".swift") {
            let source = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            for list in source.matches(of: #/(?:fields\(|[kK]eys = )\[([^\]]*)\]/#) {
                keys.formUnion(list.1.matches(of: #/"([a-z_]+)"/#).map { String($0.1) })
            }
        }
        return keys
    }

    @Test func `every key that can be written is explained`() throws {
        let keys = try Self.keys()
        #expect(keys.isSuperset(of: ["environments", "egress_budget", "max_clients", "overflow", "min_length"]))
        for key in keys.sorted() { #expect(text.contains("`\(key)`"), "\(key)") }
    }

    @Test func `every variable that is read is explained`() throws {
        let walk = FileManager.default.enumerator(atPath: "\(RepositoryTree.root)/Sources")
        var names: Set<String> = []
        while let path = walk?.nextObject() as? String {
            // The embedded server's supervisor sets variables for its own script.
            guard path.hasSuffix(".swift"), !path.hasPrefix("LocalPostgres/") else { continue }
            let source = try String(contentsOfFile: "\(RepositoryTree.root)/Sources/\(path)", encoding: .utf8)
            names.formUnion(source.matches(of: #/"(WHEELS_[A-Z_]+)"/#).map { String($0.1) })
        }
        #expect(names.contains("WHEELS_REPOSITORY"))
        for name in names.sorted() { #expect(text.contains("`\(name)`"), "\(name)") }
    }

    @Test func `what it shows can be read`() throws {
        let blocks = try MarkdownFence.all(in: text, file: "docs/CONFIG.md").filter { $0.language == "yaml" }
        #expect(blocks.count > 3)
        for block in blocks { _ = try ConfigurationReader.read(block.text, file: "CONFIG.md:\(block.line)") }
    }
}
