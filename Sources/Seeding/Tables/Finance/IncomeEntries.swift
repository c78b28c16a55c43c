extension SeedTable {
    /// Money that came in.
    static let incomeEntries = SeedTable(
        "income_entries", .uuid(), bytesPerRow: 210, Population { min(24, Person.level($0.owner)) }
    ) { row in
        let kind = row.draw("kind").lean(["regular", "side-hustle", "passive", "content", "other"])
        let day = Day.today - 15 * row.key.first - row.draw("day").below(14)
        row.id()
        row.owner()
        row.cents("amount", row.draw("amount").within(kind == "regular" ? 90_000...320_000 : 4_000...80_000))
        row.text("source", kind == "regular" ? "Work" : "Own projects")
        row.day("date", day)
        row.text("type", kind, null: .bare)
        row.pick("description", ["Fortnight's pay", "Sold at the market", "Remote contract"], null: 40)
        row.moment("created_at", day.at(row.draw("at")), null: .bare)
    }
}
