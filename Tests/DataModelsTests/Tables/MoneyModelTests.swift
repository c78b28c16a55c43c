import DataModels
import Foundation
import PostgresTesting
import PostgresTypes
import Testing

@Suite("Models of money", .tags(.server))
struct MoneyModelTests {
    static let models: [any KeyedModel.Type] = [
        Expense.self, Budget.self, IncomeEntry.self, TransactionCategory.self, AnonymizedTransaction.self,
        PamSavingsEvent.self,
    ]

    @Test(.appDatabase) func `expenses, budgets and income`() async throws {
        let bench = try await ModelBench()
        let user = try await bench.newUser()
        let expense = try await bench.live(
            Expense.Insert(userID: user, amount: PostgresNumeric(9_999_999_999, scale: 2), category: "Fuel")
        ) {
            $0.id = .set(.max)
            $0.description = .set("")
            $0.date = .set(day(2026, 1, 31))
        } null: {
            $0.description = .null
        }
        #expect(expense.inserted.amount.postgresText == "99999999.99" && expense.set.id == .max)
        #expect(expense.set.description == "" && expense.nulled.description == nil)
        let budget = try await bench.live(
            Budget.Insert(
                userID: user, category: "Food", budgetedAmount: 500, startDate: day(2026, 1, 1),
                endDate: day(2026, 2, 1))
        ) {
            $0.alertThreshold = .set(PostgresNumeric(995, scale: 1))
            $0.endDate = .set(.infinity)
        } null: {
            $0.name = .null
        }
        #expect(budget.inserted.name == "Monthly Budget" && budget.inserted.monthlyLimit.postgresText == "0.00")
        #expect(budget.set.alertThreshold?.postgresText == "99.50")
        try await bench.live(IncomeEntry.Insert(userID: user, amount: 0, source: "Work")) {
            $0.type = .set("passive")
        } null: {
            $0.type = .null
        }
    }

    @Test(.appDatabase) func `categories and imported transactions`() async throws {
        let bench = try await ModelBench()
        let user = try await bench.newUser()
        let root = try await bench.insert(TransactionCategory.Insert(name: "food", displayName: "Food"))
        let category = try await bench.live(
            TransactionCategory.Insert(
                name: "coffee", displayName: "Coffee", parentCategoryID: root.id, sortOrder: .null,
                keywords: ["café", "\"x\""])
        ) {
            $0.icon = .null
            $0.isSystem = .set(true)
        } null: {
            $0.parentCategoryID = .null
            $0.keywords = .null
        }
        #expect(category.inserted.sortOrder == nil && category.inserted.color == "#6366f1")
        #expect(category.inserted.keywords == ["café", "\"x\""])
        let tiny = try PostgresNumeric(postgresText: "-0.000000000000000000000000000001")
        let transaction = try await bench.live(
            AnonymizedTransaction.Insert(userID: user, amount: .notANumber, date: day(-43, 3, 15), hash: "h")
        ) {
            $0.amount = .set(tiny)
            $0.transactionType = .set(.transfer)
        } null: {
            $0.metadata = .null
        }
        #expect(transaction.inserted.amount.isNaN && transaction.inserted.date.postgresText == "0044-03-15 BC")
        #expect(transaction.inserted.transactionType == .expense)
    }

    @Test(.appDatabase) func `savings`() async throws {
        let bench = try await ModelBench()
        let user = try await bench.newUser()
        let saving = try await bench.live(
            PamSavingsEvent.Insert(
                userID: user, eventType: "trip", savingsType: .routeOptimization, recommendationID: UUID(),
                location: PostgresPoint(x: -180, y: 90))
        ) {
            $0.verificationMethod = .set(.priceAPIVerification)
            $0.confidenceScore = .set(1)
        } null: {
            $0.location = .null
            $0.savingsType = .null
        }
        #expect(saving.inserted.savingsType == .routeOptimization && saving.set.confidenceScore?.postgresText == "1.00")
    }
}
