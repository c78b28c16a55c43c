import Foundation
import Testing

/// The layers of the package, lowest first; a target imports lower layers only.
private let layers: [[String]] = [
    ["CPostgres", "CZstd", "CCrypto", "CPgQuery"],
    ["Diagnostics", "PostgresTypes", "SQLText", "PostgresClient", "SealedStreams"],
    ["CatalogInspection", "ArchiveRepository"],
    ["Migrations", "LogicalBackup", "LocalPostgres"],
    ["wheels-db"],
]

/// What targets of layer 1 may import of their own layer.
private let withinFoundation: [String: Set<String>] = [
    "Diagnostics": [], "PostgresTypes": ["Diagnostics"], "SQLText": ["Diagnostics"], "SealedStreams": ["Diagnostics"],
    "PostgresClient": ["Diagnostics", "PostgresTypes", "SQLText"],
]

/// Where the modules of C libraries may be imported.
private let homeOfC = [
    "CPostgres": "PostgresClient", "CZstd": "SealedStreams", "CCrypto": "SealedStreams", "CPgQuery": "SQLText",
]

/// One breach of the rules.
private func breaches(of target: String, importing module: String) -> String? {
    guard let own = layers.firstIndex(where: { $0.contains(target) }) else { return "\(target) stands in no layer" }
    if ["ArgumentParser", "Yams"].contains(module), target != "wheels-db" {
        return "\(target) imports \(module), which belongs to the command line"
    }
    guard let layer = layers.firstIndex(where: { $0.contains(module) }) else { return nil }
    if let home = homeOfC[module] { return home == target ? nil : "\(target) imports \(module); only \(home) may" }
    if layer < own { return nil }
    if own == 1, withinFoundation[target]?.contains(module) == true { return nil }
    return "\(target) imports \(module), which is not below it"
}

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

private func sources() throws -> [(target: String, file: String, text: String)] {
    let folder = root.appendingPathComponent("Sources")
    let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return try paths.filter { $0.hasSuffix(".swift") }.map { path in
        let text = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
        return (path.split(separator: "/").first.map(String.init) ?? "", path, text)
    }
}

@Suite("Architecture")
struct LayeringTests {
    @Test func `each target imports only what stands below it`() throws {
        var found: [String] = []
        let files = try sources()
        #expect(files.count > 100)
        for file in files {
            for match in file.text.matches(
                of: #/(?m)^\s*(?:public |internal |package )?import (?:struct |class |enum |func )?(\w+)/#)
            {
                if let breach = breaches(of: file.target, importing: String(match.1)) {
                    found.append("\(file.file): \(breach)")
                }
            }
        }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }

    @Test(arguments: [
        ("Migrations", "LogicalBackup"), ("PostgresClient", "CatalogInspection"), ("LogicalBackup", "CPostgres"),
        ("Diagnostics", "SQLText"), ("LocalPostgres", "ArgumentParser"), ("ArchiveRepository", "wheels-db"),
    ])
    func `a bad import is found`(target: String, module: String) {
        #expect(breaches(of: target, importing: module) != nil)
    }

    @Test func `only the command line prints, exits and reads the environment`() throws {
        let forbidden = [
            #/(?m)^\s*print\(/#, #/ProcessInfo\.processInfo\.environment/#, #/\bgetenv\(/#, #/(?m)^\s*exit\(/#,
        ]
        var found: [String] = []
        for file in try sources() where file.target != "wheels-db" {
            for pattern in forbidden where file.text.firstMatch(of: pattern) != nil { found.append(file.file) }
        }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }

    @Test func `no file has more than 400 lines`() throws {
        let long = try sources().map {
            ($0.file, $0.text.split(separator: "\n", omittingEmptySubsequences: false).count)
        }
        .filter { $0.1 > 400 }
        #expect(long.isEmpty, "\(long)")
    }
}
