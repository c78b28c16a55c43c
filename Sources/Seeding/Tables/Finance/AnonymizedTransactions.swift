extension SeedTable {
    /// Transactions of imported bank statements, without names.
    static let anonymizedTransactions = SeedTable(
        "anonymized_transactions", .number(), bytesPerRow: 270, Population { Person.level($0.owner) * 2 }
    ) { row in
        let line = row.key.first + 1
        let kind = row.draw("kind").lean(["expense", "income", "transfer"])
        let day = Day.today - row.draw("day").within(0...300)
        row.number()
        row.owner()
        row.cents("amount", row.draw("amount").within(350...42_000))
        row.pick("category", ["transportation", "food", "shopping", "utilities", "salary"], null: 10)
        row.text("transaction_type", kind, null: .bare)
        row.day("date", day)
        row.text("hash", "seed", number: row.key.owner * RowKey.fanOut + row.key.first, digits: 18)
        row.bool("is_recurring", percent: 18, null: .bare)
        row.pick("merchant_category", ["fuel station", "supermarket", "cafe", "online", "bank"], null: 25)
        row.text("location", Person(owning: row.key).town(row.key.first).name, null: 30)
        row.object("metadata", null: .bare) { json, draw in
            json.text("format", draw.pick(["csv", "pdf", "xlsx"]))
            json.int("line", line)
        }
        row.moment("created_at", (day + 2).at(row.draw("at")), null: .bare)
    }
}
