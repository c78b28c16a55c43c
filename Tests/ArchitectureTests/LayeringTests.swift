import DocumentTesting
import Foundation
import Testing

@Suite("Layers")
struct LayeringTests {
    @Test func `every target stands in a layer and depends on lower ones only`() async throws {
        let found = Layers.breaches(of: try await PackageManifest.load())
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }

    @Test func `what is imported is named in Package.swift, and what is named is imported`() async throws {
        let sources = try RepositoryTree.sources()
        var found: [String] = []
        for target in try await PackageManifest.load().targets where !["system", "plugin"].contains(target.type) {
            let files = sources.filter { $0.path.hasPrefix(target.folder + "/") }
            #expect(!files.isEmpty, "\(target.name)")
            found += Layers.breaches(of: target, files: files)
        }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }

    @Test func `every source file belongs to a target`() async throws {
        let folders = try await PackageManifest.load().targets.map { $0.folder + "/" }
        let lost = try RepositoryTree.sources().filter { file in !folders.contains { file.path.hasPrefix($0) } }
        #expect(lost.isEmpty)
    }

    @Test(arguments: [
        ("Migrations", "LogicalBackup", "not below"), ("PostgresClient", "CatalogInspection", "not below"),
        ("LogicalBackup", "CPostgres", "only PostgresClient"), ("Diagnostics", "SQLText", "not below"),
        ("ArchiveRepository", "wheels-db", "not below"), ("Migrations", "Utilities", "no layer"),
        ("Migrations", "Yams", "command line"),
    ])
    func `a dependency upwards or sideways is found`(target: String, name: String, complaint: String) throws {
        let dependency = name == "Yams" ? #"{"product": ["Yams", "Yams", null]}"# : #"{"byName": ["\#(name)", null]}"#
        let manifest = try Self.manifest(target, dependencies: dependency)
        #expect(
            Layers.breaches(of: manifest).contains {
                $0.contains(target) && $0.contains(complaint) || $0.contains("\(name) stands in no layer")
            })
    }

    @Test func `a target of no layer is found, and a layer without its target`() throws {
        let found = Layers.breaches(of: try Self.manifest("Helpers", dependencies: ""))
        #expect(found.contains("Helpers stands in no layer"))
        #expect(found.contains("Migrations is no target any more"))
    }

    @Test func `an import that Package.swift does not name is found, and a dependency without import`() throws {
        let manifest = try Self.manifest("Migrations", dependencies: #"{"byName": ["SQLText", null]}"#)
        let target = try #require(manifest.targets.first)
        let text = "public import Foundation\n@testable import Diagnostics\n// import SQLText\n"
        let found = Layers.breaches(of: target, files: [.init(path: "Sources/Migrations/A.swift", text: text)])
        #expect(found.count == 2)
        #expect(found.first?.contains("imports Diagnostics") == true)
        #expect(found.last == "Migrations depends on SQLText and never imports it")
    }

    private static func manifest(_ target: String, dependencies: String) throws -> PackageManifest {
        let json = """
            {"targets": [{"name": "\(target)", "type": "regular", "path": null, "dependencies": [\(dependencies)]}]}
            """
        return try JSONDecoder().decode(PackageManifest.self, from: Data(json.utf8))
    }
}
