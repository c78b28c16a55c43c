import DataModels
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

@Suite("All models", .tags(.server))
struct RegistryTests {
    @Test func `of tables are each taken through their lives by a test: add one to Tables/ for a new table`() {
        var lived: Set<Relation> = []
        for model in LivedModels.all { lived.insert(model.relation) }
        var missing: [Relation] = []
        var count = 0
        for model in ModelRegistry.all where model is any TableModel.Type {
            count += 1
            if !lived.contains(model.relation) { missing.append(model.relation) }
        }
        #expect(count >= 45)
        #expect(missing == [])
    }

    @Test(.appDatabase) func `read what the database has, views too`() async throws {
        let bench = try await ModelBench()
        for model in ModelRegistry.all {
            #expect(try await bench.rows(selection(of: model)).isEmpty, "\(model.relation)")
            let columns = try await bench.session.query(
                """
                select a.attname from pg_catalog.pg_attribute a
                where a.attrelid = pg_catalog.to_regclass(\(model.relation.sql)) and a.attnum > 0 and not a.attisdropped
                order by a.attnum
                """
            )
            #expect(columns.map { $0[0] } == model.columnNames.map(Optional.some), "\(model.relation)")
        }
    }

    @Test(.appDatabase) func `of views read rows`() async throws {
        let bench = try await ModelBench()
        let user = try await bench.newUser()
        let budget = try await bench.insert(
            Budget.Insert(
                userID: user, category: "fuel", budgetedAmount: PostgresNumeric(50_000, scale: 2),
                startDate: day(2026, 1, 1), endDate: day(2026, 2, 1)))
        _ = try await bench.insert(
            Expense.Insert(userID: user, amount: 120, category: "fuel", date: day(2026, 1, 15)))
        let summary = try #require(
            try await bench.rows(BudgetSummary.select(where: [BudgetSummary.Columns.userID.equals(user)])).first)
        let model = try BudgetSummary(from: summary)
        #expect(model.budgetID == budget.id)
        #expect(model.totalSpent?.postgresText == "120.00")
        #expect(model.totalRemaining?.postgresText == "380.00")
        let profiles = try await bench.rows(PublicProfile.select())
        #expect(try profiles.map { try PublicProfile(from: $0).id } == [user])
    }
}

/// The statement that reads all rows of a model.
private func selection<Model: RowModel>(of model: Model.Type) -> ModelStatement { Model.select() }

/// A day, for tests.
func day(_ year: Int, _ month: Int, _ day: Int) -> PostgresDate {
    PostgresDate(year: year, month: month, day: day) ?? .infinity
}

/// An instant, for tests.
func instant(_ text: String) -> PostgresTimestampTZ {
    (try? PostgresTimestampTZ(postgresText: text)) ?? .infinity
}
