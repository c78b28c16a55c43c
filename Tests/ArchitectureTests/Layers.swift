import DocumentTesting

/// The layers of the package, lowest first, and what may depend on what.
enum Layers {
    static let all: [[String]] = [
        ["CPostgres", "CZstd", "CCrypto", "CCurl", "CMalloc", "CPgQuery"],
        [
            "BuildInformation", "Diagnostics", "PostgresTypes", "SQLText", "PostgresClient", "SealedStreams",
            "HTTPClient",
            "OffPool",
        ],
        ["CatalogInspection", "ArchiveRepository", "DataModels"],
        [
            "Migrations", "LogicalBackup", "LocalPostgres", "Policies", "ModelGeneration", "Seeding", "PoolChecks",
            "ProjectHealth", "Maintenance",
        ],
        ["wheels-db"],
    ]

    /// What targets of the foundation may use of their own layer.
    private static let withinFoundation: [String: Set<String>] = [
        "PostgresTypes": ["Diagnostics"], "SQLText": ["Diagnostics"], "SealedStreams": ["Diagnostics"],
        "HTTPClient": ["Diagnostics"],
        "PostgresClient": ["Diagnostics", "PostgresTypes", "SQLText"],
    ]
    /// The target of each C library.
    private static let homeOfC = [
        "CPostgres": "PostgresClient", "CZstd": "SealedStreams", "CCrypto": "SealedStreams", "CCurl": "HTTPClient",
        "CPgQuery": "SQLText", "CMalloc": "SealedStreams",
    ]
    /// Modules of the system, which no package names.
    private static let system: Set<String> = [
        "Darwin", "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Musl", "Synchronization", "Testing",
    ]
    /// Products that only the command line uses.
    private static let ofCommandLine: Set<String> = ["ArgumentParser", "Yams"]

    /// What a manifest does against the layers.
    static func breaches(of manifest: PackageManifest) -> [String] {
        let known = all.flatMap(\.self)
        let targets = manifest.targets.filter(\.isSource)
        let strangers = targets.filter { !known.contains($0.name) }.map { "\($0.name) stands in no layer" }
        let gone = known.filter { name in !targets.contains { $0.name == name } }.map { "\($0) is no target any more" }
        return strangers + gone
            + targets.flatMap { target in target.dependencies.compactMap { breach(of: target.name, using: $0) } }
    }

    private static func breach(of target: String, using dependency: PackageManifest.Dependency) -> String? {
        let name = dependency.name
        if dependency.isProduct {
            guard ofCommandLine.contains(name), target != "wheels-db" else { return nil }
            return "\(target) depends on \(name), which belongs to the command line"
        }
        guard let own = all.firstIndex(where: { $0.contains(target) }) else { return nil }
        guard let layer = all.firstIndex(where: { $0.contains(name) }) else { return "\(name) stands in no layer" }
        if let home = homeOfC[name] { return home == target ? nil : "\(target) depends on \(name); only \(home) may" }
        if layer < own || withinFoundation[target]?.contains(name) == true { return nil }
        return "\(target) depends on \(name), which is not below it"
    }

    /// What the imports of a target's files are, compared with what Package.swift says of it.
    static func breaches(of target: PackageManifest.Target, files: [RepositoryTree.File]) -> [String] {
        let named = Set(target.dependencies.map { $0.name.replacing("-", with: "_") })
        var used: Set<String> = []
        var found: [String] = []
        for file in files {
            for module in ImportList(file.text).modules {
                used.insert(module)
                if named.contains(module) || system.contains(module) { continue }
                found.append("\(file.path) imports \(module), which Package.swift does not name for \(target.name)")
            }
        }
        guard target.isSource else { return found }
        return found + named.subtracting(used).sorted().map { "\(target.name) depends on \($0) and never imports it" }
    }
}
