import DocumentTesting
import Foundation
import ModelGeneration
import PostgresClient
import PostgresTesting
import Testing

@Suite("Models of a schema that tries to break them", .tags(.server))
struct NastyNameTests {
    private static func plan(_ session: Session) async throws -> ModelPlan {
        try await session.executeScript(NastySchema.script)
        return try await ModelPlan.read(session, schemas: NastySchema.schemas)
    }

    /// The folder with the compiled modules of this package.
    private static func modules() throws -> String {
        let bundles = Bundle.allBundles.map(\.bundleURL).filter { $0.pathExtension == "xctest" }
        let folders = bundles + [URL(fileURLWithPath: CommandLine.arguments[0])]
        let places = folders.map { $0.deletingLastPathComponent().appendingPathComponent("Modules").path }
        return try #require(places.first { FileManager.default.fileExists(atPath: "\($0)/PostgresTypes.swiftmodule") })
    }

    @Test(.scratchDatabase) func `compile, keep the format and stay within the longest file`() async throws {
        let plan = try await Self.plan(try ScratchDatabase.current.session())
        let scratch = try TemporaryFolder(named: "models")
        defer { scratch.remove() }
        let folder = ModelFolder(path: scratch.path, texts: [:])
        try folder.apply(plan.changes(to: folder))
        let files = plan.files.map { "\(scratch.path)/\($0.name)" }
        let support = try FileManager.default.contentsOfDirectory(atPath: "\(RepositoryTree.root)/Sources/DataModels")
            .filter { $0.hasSuffix(".swift") }.map { "\(RepositoryTree.root)/Sources/DataModels/\($0)" }
        let strictness = [
            "-swift-version", "6", "-warnings-as-errors", "-strict-memory-safety", "-enable-upcoming-feature",
            "ExistentialAny", "-enable-upcoming-feature", "InternalImportsByDefault", "-enable-upcoming-feature",
            "MemberImportVisibility", "-enable-upcoming-feature", "NonisolatedNonsendingByDefault",
            "-require-explicit-sendable",
        ]
        let compiler = Program(
            "swiftc",
            ["-typecheck", "-module-name", "DataModels", "-I", try Self.modules()] + strictness + support + files)
        let compiled = try await compiler.run()
        #expect(compiled.status == 0, "\(compiled.output.prefix(4_000))")

        let format = "\(RepositoryTree.root)/.swift-format"
        let lint = try await Program("swift", ["format", "lint", "--strict", "--configuration", format] + files).run()
        #expect(lint.status == 0, "\(lint.output.prefix(4_000))")

        for file in plan.files {
            let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count <= 301, "\(file.name) has \(lines.count - 1) lines")
            #expect(lines.first == ModelFile.header[...])
            let hasOddities = lines.contains { line in
                line.last?.isWhitespace == true
                    || line.unicodeScalars.contains { $0.properties.generalCategory == .format }
            }
            #expect(!hasOddities, "\(file.name) has blanks at the end of a line, or characters that cannot be seen")
        }
        #expect(Set(plan.files.map { $0.name.lowercased() }).count == plan.files.count)
    }

    @Test(.scratchDatabase) func `are the same whatever the numbers, the search path and the role`() async throws {
        let scratch = try ScratchDatabase.current
        let first = try await Self.plan(try await scratch.session())
        let other = try await scratch.session(to: try await scratch.anotherDatabase())
        try await other.executeScript("create table public.shift_of_numbers (id serial primary key, t text)")
        let second = try await Self.plan(other)
        #expect(first.files == second.files)
        try await other.executeScript(
            "set search_path = nasty, public; set datestyle = 'German'; set timezone = 'Asia/Tokyo'")
        #expect(try await ModelPlan.read(other, schemas: NastySchema.schemas).files == first.files)
    }
}
