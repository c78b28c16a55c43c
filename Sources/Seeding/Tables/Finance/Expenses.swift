extension SeedTable {
    /// Everyday spending; one user has more rows than the API returns at once.
    static let expenses = SeedTable("expenses", .number(), bytesPerRow: 250, Population(Expenses.count)) { row in
        let pick = row.draw("category")
        let last = Words.spending.count
        let spending = Words.spending[min(pick.below(last), pick.again.below(last))]
        let day = Day.today - row.draw("day").within(0...365)
        row.number()
        row.owner()
        row.cents("amount", row.draw("amount").within(spending.low...spending.high))
        row.text("category", spending.name)
        row.day("date", day)
        row.day("expense_date", day, null: 60)
        row.text("description", spending.name, " in ", Person(owning: row.key).town(row.key.first).name, null: 20)
        row.moment("created_at", day.at(row.draw("at")), null: .bare)
    }
}

/// How many expenses users have.
private enum Expenses: Sendable {
    /// The API answers with 1,000 rows at most.
    static let count: Population.Count = { $0.owner == Cast.heavy ? 1_200 : Person.level($0.owner) * 4 }
}
