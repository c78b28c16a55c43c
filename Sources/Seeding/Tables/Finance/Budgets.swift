extension SeedTable {
    /// What users mean to spend on a category in a month.
    static let budgets = SeedTable(
        "budgets", .uuid(), bytesPerRow: 220, Population { min(12, Person.level($0.owner)) }
    ) { row in
        let number = row.key.first
        let start = Day(year: 2026, month: 4 + number % 3, day: 1)
        let spending = Words.spending[number / 3]
        row.id()
        row.owner()
        row.text("name", spending.name, " budget", null: .bare)
        row.text("category", spending.name)
        row.cents("budgeted_amount", spending.high * row.draw("amount").within(2...8))
        row.cents("monthly_limit", spending.high * row.draw("amount").within(2...8))
        row.decimal("alert_threshold", row.draw("alert").within(10...20) * 500, digits: 2, null: .bare)
        row.day("start_date", start)
        row.day("end_date", start + 29)
        row.moment("created_at", (start - 3).at(row.draw("at")), null: .bare)
    }
}
