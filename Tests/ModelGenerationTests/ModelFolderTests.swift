import Diagnostics
import DocumentTesting
import Foundation
import Testing

@testable import ModelGeneration

@Suite("A folder of models")
struct ModelFolderTests {
    private static func plan(_ tables: String..., comment: String = "One.") -> ModelPlan {
        let relations = tables.map { name in
            ModelRelation(
                schema: "public", name: name, kind: .table, comment: comment,
                columns: [
                    ModelColumn(
                        name: "id", sqlType: "integer",
                        type: ModelType(schema: "pg_catalog", name: "int4", isArray: false),
                        isNotNull: true, source: .given, comment: nil, labels: [])
                ], primaryKey: ["id"])
        }
        return ModelPlan(ModelCatalog(schemas: ["public"], relations: relations, enums: []))
    }

    private static func names(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    @Test func `is made, brought up to date and left alone when it is right`() throws {
        let scratch = try TemporaryFolder(named: "models")
        defer { scratch.remove() }
        let path = scratch.path + "/new/Tables"
        let empty = try ModelFolder.read(path)
        #expect(empty.texts.isEmpty)
        let first = Self.plan("trips", "budgets")
        try empty.apply(first.changes(to: empty))
        #expect(try Self.names(path) == ["Budget.swift", "ModelRegistry.swift", "Trip.swift"])
        let made = try ModelFolder.read(path)
        #expect(first.differences(from: made) == [])
        #expect(try first.changes(to: made).isEmpty)
        #expect(try first.changes(to: made).unchanged == 3)

        let second = Self.plan("trips", "vehicles")
        let changes = try second.changes(to: made)
        #expect(changes.written.map(\.name) == ["ModelRegistry.swift", "Vehicle.swift"])
        #expect(changes.removed == ["Budget.swift"] && changes.unchanged == 1)
        try made.apply(changes)
        #expect(try Self.names(path) == ["ModelRegistry.swift", "Trip.swift", "Vehicle.swift"])
        #expect(second.differences(from: try ModelFolder.read(path)) == [])
    }

    @Test func `keeps what was not generated, and is not written over it`() throws {
        let scratch = try TemporaryFolder(named: "models")
        defer { scratch.remove() }
        try Data("// Mine.\n".utf8).write(to: URL(fileURLWithPath: scratch.path + "/Mine.swift"))
        try Data("# Notes\n".utf8).write(to: URL(fileURLWithPath: scratch.path + "/README.md"))
        let folder = try ModelFolder.read(scratch.path)
        try folder.apply(Self.plan("trips").changes(to: folder))
        #expect(try Self.names(scratch.path) == ["Mine.swift", "ModelRegistry.swift", "README.md", "Trip.swift"])
        let error = #expect(throws: ModelError.self) {
            try Self.plan("mine").changes(to: ModelFolder.read(scratch.path))
        }
        #expect(error?.code == "models.foreign-file" && error?.failureClass == .refused)
        #expect(error?.summary.contains("\(scratch.path)/Mine.swift") == true)
    }

    @Test func `names the first line that differs`() throws {
        let plan = Self.plan("trips")
        let old = Self.plan("trips", comment: "Two.")
        func folder(_ files: [ModelFile]) -> ModelFolder {
            ModelFolder(path: "x", texts: Dictionary(files.map { ($0.name, $0.text) }) { first, _ in first })
        }
        let difference = try #require(plan.differences(from: folder(old.files)).first)
        #expect(difference.file == "Trip.swift" && difference.kind == .stale && difference.line == 5)
        #expect(difference.expected == "/// One." && difference.found == "/// Two.")
        let message = difference.finding.message
        #expect(message == "Trip.swift differs from line 5 on: the database says `/// One.`, the file `/// Two.`.")
        #expect(difference.finding.remedy?.command == "wheels-db models generate")

        var texts = folder(plan.files).texts
        texts["Trip.swift"]?.removeLast()
        let ended = try #require(plan.differences(from: ModelFolder(path: "x", texts: texts)).first)
        #expect(ended.found == nil && ended.finding.message.contains("the file nothing more"))
        texts["Trip.swift"] = nil
        texts["Gone.swift"] = ModelFile.header + "\n"
        let kinds = plan.differences(from: ModelFolder(path: "x", texts: texts)).map { "\($0.file) \($0.kind)" }
        #expect(kinds == ["Gone.swift extra", "Trip.swift missing"])
    }

    @Test func `that cannot be read or written is named`() throws {
        let scratch = try TemporaryFolder(named: "models")
        defer { scratch.remove() }
        try Data([0xff, 0xfe]).write(to: URL(fileURLWithPath: scratch.path + "/Bad.swift"))
        let unreadable = #expect(throws: ModelError.self) { try ModelFolder.read(scratch.path) }
        #expect(unreadable?.summary == "\(scratch.path)/Bad.swift cannot be read: it is no UTF-8.")
        let blocked = ModelFolder(path: scratch.path + "/Bad.swift/below", texts: [:])
        let unwritable = #expect(throws: ModelError.self) { try blocked.apply(Self.plan("trips").changes(to: blocked)) }
        #expect(unwritable?.code == "models.unwritable")
    }
}
