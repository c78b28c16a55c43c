import DocumentTesting
import Foundation
import Testing

@Suite("Files of the project")
struct ProjectFileTests {
    @Test func `the format's configuration names every rule there is`() async throws {
        let dump = try await Program("swift", ["format", "dump-configuration"]).run()
        let own = try String(contentsOfFile: "\(RepositoryTree.root)/.swift-format", encoding: .utf8)
        #expect(try Self.unnamedRules(of: dump.output, in: own) == [])
    }

    @Test func `a rule without a decision is found`() throws {
        let found = try Self.unnamedRules(of: #"{"rules": {"A": true, "B": false}}"#, in: #"{"rules": {"A": false}}"#)
        #expect(found == ["B"])
    }

    @Test func `the licence is Apache 2`() throws {
        let text = try String(contentsOfFile: "\(RepositoryTree.root)/LICENSE", encoding: .utf8)
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.hasPrefix("Apache License Version 2.0, January 2004"))
        #expect(words.contains("3. Grant of Patent License."))
        #expect(words.contains("9. Accepting Warranty or Additional Liability."))
    }

    @Test(arguments: [
        ".ci/run", "Benchmarks/seed", "packaging/commit", "packaging/install-files", "packaging/make-package",
        "packaging/make-tree", "packaging/same-package", "packaging/try-package", "scripts/in-temporary-folder",
        "scripts/install-dependencies",
    ])
    func `scripts can be executed and are well-formed`(path: String) async throws {
        #expect(FileManager.default.isExecutableFile(atPath: "\(RepositoryTree.root)/\(path)"))
        let text = try String(contentsOfFile: "\(RepositoryTree.root)/\(path)", encoding: .utf8)
        let shell = text.hasPrefix("#!/bin/bash") ? "bash" : "sh"
        #expect(try await Program(shell, ["-n", path]).run().status == 0)
    }

    @Test func `what a command leaves in its temporary folder goes with the folder`() async throws {
        let outer = try TemporaryFolder(named: "outer")
        defer { outer.remove() }
        let script = #"echo "$TMPDIR"; touch "$TMPDIR/left"; exit 7"#
        var program = Program("scripts/in-temporary-folder", ["sh", "-c", script])
        program.environment["TMPDIR"] = outer.path
        let result = try await program.run()
        #expect(result.status == 7)
        #expect(result.output.hasPrefix(outer.path + "/wheels-db-make-"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: outer.path) == [])
    }

    private static func unnamedRules(of dump: String, in own: String) throws -> [String] {
        struct Configuration: Decodable { let rules: [String: Bool] }
        let known = try JSONDecoder().decode(Configuration.self, from: Data(dump.utf8)).rules
        let named = try JSONDecoder().decode(Configuration.self, from: Data(own.utf8)).rules
        return known.keys.filter { named[$0] == nil }.sorted()
    }
}
