import DataModels
import Foundation
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

/// Sends the statements of models to the test's database, as a backend would.
struct ModelBench: Sendable {
    let session: Session

    init() async throws {
        session = try await ScratchDatabase.current.session()
    }

    /// The bridge between a model and a client: text and parameters.
    func rows(_ statement: ModelStatement) async throws -> [Row] {
        try await session.query(Query(unsafeSQL: statement.sql, parameters: statement.parameters))
    }

    /// A new account; the trigger of sign-up gives it a profile and settings.
    func newUser() async throws -> UUID {
        let id = UUID()
        try await session.execute("insert into auth.users (id, email) values (\(id), \("\(id)@example.org"))")
        return id
    }

    func insert<Insert: ModelInsert>(_ insert: Insert) async throws -> Insert.Model {
        try Insert.Model(from: try #require(try await rows(insert.statement).first))
    }

    func find<Key: ModelKey>(_ key: Key) async throws -> Key.Model? where Key.Model.Key == Key {
        try await rows(Key.Model.select(key)).first.map { row in try Key.Model(from: row) }
    }

    /// Takes a row through its life: inserted, found by its key, changed, set to NULL, deleted.
    ///
    /// What a patch leaves alone must keep its text; `updated_at` belongs to a trigger.
    ///
    /// - Returns: The row as it was inserted, and as it was after each patch.
    @discardableResult
    func live<Insert: ModelInsert>(
        _ insert: Insert,
        set: (inout Insert.Model.Patch) -> Void,
        null: (inout Insert.Model.Patch) -> Void = { _ in }
    ) async throws -> (inserted: Insert.Model, set: Insert.Model, nulled: Insert.Model)
    where Insert.Model: KeyedModel {
        typealias Model = Insert.Model
        let inserted = try await self.insert(insert)
        for field in insert.fields {
            let row = try #require(try await rows(Model.select(inserted.key)).first)
            #expect(try row.text(field.column) != nil || field.text == nil, "\(Model.relation).\(field.column)")
        }
        #expect(try await find(inserted.key) == inserted)
        let changed = try await apply(set, to: inserted)
        let nulled = try await apply(null, to: changed)
        let deleted = try await rows(Model.delete(nulled.key)).first.map { row in try Model(from: row) }
        #expect(deleted == nulled)
        #expect(try await find(nulled.key) == nil)
        return (inserted, changed, nulled)
    }

    private func apply<Model: KeyedModel>(
        _ change: (inout Model.Patch) -> Void,
        to model: Model
    ) async throws -> Model {
        var patch = Model.Patch()
        #expect(patch.isEmpty && patch.statement(for: model.key) == nil)
        change(&patch)
        guard let statement = patch.statement(for: model.key) else { return model }
        let before = try #require(try await rows(Model.select(model.key)).first)
        let after = try #require(try await rows(statement).first)
        let changed = Set(patch.fields.map(\.column))
        for column in Model.columnNames where column != "updated_at" {
            let isSame = try before.text(column) == after.text(column)
            #expect(isSame != changed.contains(column), "\(Model.relation).\(column)")
        }
        for field in patch.fields where field.text == nil { #expect(try after.text(field.column) == nil) }
        let found = try Model(from: after)
        #expect(try await find(found.key) == found)
        return found
    }
}

/// The models that some test takes through their lives.
enum LivedModels {
    static let all: [any KeyedModel.Type] =
        IdentityModelTests.models + TripModelTests.models + MoneyModelTests.models + AssistantModelTests.models
        + SocialModelTests.models + ShopModelTests.models + OperationsModelTests.models
}
