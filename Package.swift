// swift-tools-version: 6.2

import PackageDescription

/// The strict settings of every target of ours: warnings are errors, memory safety is spelled out, imports are internal.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .treatWarning("ExplicitSendable", as: .error),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

func library(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let package = Package(
    name: "wheels-db",
    products: [.executable(name: "wheels-db", targets: ["wheels-db"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
    ],
    targets: [
        // Layer 0: C libraries of the system.
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CPgQuery", providers: [.apt(["libpg-query-dev"]), .brew(["libpg_query"])]),

        // Layer 1: one subject each, no feature.
        library("Diagnostics", []),
        library("PostgresTypes", ["Diagnostics"]),
        library("SQLText", ["CPgQuery", "Diagnostics"]),
        library("PostgresClient", ["CPostgres", "Diagnostics", "PostgresTypes", "SQLText"]),
        library("SealedStreams", ["CCrypto", "CMalloc", "CZstd", "Diagnostics"]),
        library("HTTPClient", ["CCurl", "Diagnostics"]),
        library("OffPool", []),
        .target(name: "BuildInformation", swiftSettings: strict, plugins: ["BuildCommit"]),
        .plugin(name: "BuildCommit", capability: .buildTool()),

        // Layer 2: what features are made of.
        library("CatalogInspection", ["Diagnostics", "PostgresClient", "PostgresTypes", "SQLText"]),
        library("ArchiveRepository", ["Diagnostics", "HTTPClient", "OffPool", "SealedStreams"]),
        library("DataModels", ["PostgresTypes"]),

        // Layer 3: features. None imports another.
        library("Migrations", ["Diagnostics", "PostgresClient", "PostgresTypes", "SQLText"]),
        library(
            "LogicalBackup",
            [
                "ArchiveRepository", "CatalogInspection", "Diagnostics", "OffPool", "PostgresClient", "PostgresTypes",
                "SQLText", "SealedStreams",
            ]
        ),
        library("LocalPostgres", ["Diagnostics", "OffPool", "PostgresClient", "PostgresTypes", "SQLText"]),
        library(
            "Policies",
            ["Diagnostics", "PostgresClient", "PostgresTypes", "SealedStreams", "SQLText"]),
        library(
            "ModelGeneration", ["CatalogInspection", "Diagnostics", "PostgresClient", "PostgresTypes", "SQLText"]),
        library("Seeding", ["CatalogInspection", "Diagnostics", "PostgresClient", "PostgresTypes", "SQLText"]),
        library("PoolChecks", ["Diagnostics", "PostgresClient", "PostgresTypes", "SQLText"]),
        library("ProjectHealth", ["Diagnostics", "PostgresClient", "PostgresTypes"]),
        library("Maintenance", ["Diagnostics", "PostgresClient", "PostgresTypes", "SQLText"]),

        // Layer 4: the only place that prints, exits and reads the environment.
        .executableTarget(
            name: "wheels-db",
            dependencies: [
                "ArchiveRepository", "BuildInformation", "CatalogInspection", "Diagnostics", "HTTPClient",
                "LocalPostgres",
                "LogicalBackup",
                "Maintenance",
                "Migrations", "ModelGeneration", "OffPool", "Policies", "PoolChecks", "PostgresClient", "PostgresTypes",
                "ProjectHealth", "SQLText", "SealedStreams", "Seeding", argumentParser, yams,
            ],
            swiftSettings: strict
        ),

        // Tests. PostgresTesting starts a throwaway server and lends a database to each test; DocumentTesting reads and
        // runs the blocks of documents.
        .target(
            name: "PostgresTesting",
            dependencies: [
                "Diagnostics", "LocalPostgres", "Migrations", "OffPool", "PostgresClient", "PostgresTypes", "SQLText",
            ],
            path: "Tests/PostgresTesting",
            swiftSettings: strict
        ),
        .target(
            name: "ObjectStoreTesting",
            dependencies: ["ArchiveRepository", "HTTPClient", "LocalPostgres", "OffPool"],
            path: "Tests/ObjectStoreTesting",
            swiftSettings: strict
        ),
        .target(name: "DocumentTesting", path: "Tests/DocumentTesting", swiftSettings: strict),
        tests("ArchitectureTests", ["DocumentTesting"]),
        tests("DocumentTests", ["Diagnostics", "DocumentTesting", "SQLText", "wheels-db", argumentParser, yams]),
        tests("DiagnosticsTests", ["Diagnostics"]),
        tests("PostgresTypesTests", ["Diagnostics", "PostgresTypes"]),
        tests("SQLTextTests", ["Diagnostics", "SQLText"]),
        tests(
            "PostgresClientTests",
            ["Diagnostics", "LocalPostgres", "PostgresClient", "PostgresTesting", "PostgresTypes", "SQLText"]
        ),
        tests("SealedStreamsTests", ["Diagnostics", "SealedStreams"]),
        tests("HTTPClientTests", ["Diagnostics", "HTTPClient", "ObjectStoreTesting"]),
        tests(
            "ArchiveRepositoryTests",
            ["ArchiveRepository", "Diagnostics", "HTTPClient", "ObjectStoreTesting", "SealedStreams"]),
        tests(
            "CatalogInspectionTests",
            ["CatalogInspection", "Diagnostics", "PostgresClient", "PostgresTesting", "PostgresTypes", "SQLText"]
        ),
        tests(
            "MigrationsTests",
            ["Diagnostics", "LocalPostgres", "Migrations", "PostgresClient", "PostgresTesting", "SQLText"]
        ),
        tests(
            "LogicalBackupTests",
            [
                "ArchiveRepository", "CatalogInspection", "Diagnostics", "LocalPostgres", "LogicalBackup", "OffPool",
                "PostgresClient", "PostgresTesting", "PostgresTypes", "SealedStreams", "SQLText",
            ]
        ),
        tests(
            "LocalPostgresTests",
            ["Diagnostics", "LocalPostgres", "PostgresClient", "PostgresTesting", "PostgresTypes"]
        ),
        tests(
            "PoliciesTests",
            [
                "CatalogInspection", "Diagnostics", "LocalPostgres", "Policies", "PostgresClient", "PostgresTesting",
                "PostgresTypes", "SQLText",
            ]),
        tests("DataModelsTests", ["DataModels", "PostgresClient", "PostgresTesting", "PostgresTypes"]),
        tests(
            "ModelGenerationTests",
            ["Diagnostics", "DocumentTesting", "ModelGeneration", "PostgresClient", "PostgresTesting"]),
        tests(
            "SeedingTests",
            [
                "CatalogInspection", "Diagnostics", "LocalPostgres", "Migrations", "PostgresClient", "PostgresTesting",
                "Seeding",
            ]),
        tests(
            "PoolChecksTests",
            ["Diagnostics", "LocalPostgres", "PoolChecks", "PostgresClient", "PostgresTesting", "PostgresTypes"]),
        tests("ProjectHealthTests", ["Diagnostics", "PostgresClient", "PostgresTesting", "ProjectHealth"]),
        tests(
            "MaintenanceTests",
            ["Diagnostics", "Maintenance", "PostgresClient", "PostgresTesting", "PostgresTypes"]),
        tests(
            "CommandTests",
            [
                "wheels-db", "CatalogInspection", "Diagnostics", "HTTPClient", "PoolChecks", "PostgresClient",
                "PostgresTypes", "ProjectHealth", argumentParser,
            ]),
        tests(
            "EndToEndTests",
            [
                "wheels-db", "ArchiveRepository", "Diagnostics", "LocalPostgres", "ObjectStoreTesting", "OffPool",
                "PostgresClient", "PostgresTesting", "SealedStreams", yams,
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)

// The thread sanitizer needs a build of its own. It watches what many threads touch; building the rest as well takes minutes.
if Context.environment["WHEELS_SANITIZED"] != nil {
    let watched: Set = [
        "CCrypto", "CCurl", "CMalloc", "CPgQuery", "CPostgres", "CZstd", "Diagnostics", "HTTPClient", "OffPool",
        "PostgresTypes",
        "SQLText", "PostgresClient",
        "SealedStreams", "CatalogInspection", "ArchiveRepository", "Migrations", "LogicalBackup", "LocalPostgres",
        "PostgresTesting", "PostgresClientTests", "LogicalBackupTests",
    ]
    package.products = []
    package.targets.removeAll { !watched.contains($0.name) }
}
