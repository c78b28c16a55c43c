extension SeedTable {
    /// Questions of users to the people who run the app.
    static let supportTickets = SeedTable(
        "support_tickets", .uuid(), bytesPerRow: 390, Population { (Person.level($0.owner) + 2) / 5 }
    ) { row in
        let subject = row.draw("subject").pick(Tickets.subjects)
        row.id()
        row.owner()
        row.text("subject", subject)
        row.text("message", subject, ". I tried it twice, on Wi-Fi and on mobile data.")
        row.turn("status", ["open", "in_progress", "resolved", "closed"], null: .bare)
        row.pick("category", ["bug", "billing", "question", "idea"], null: 20)
        row.pick("current_page", ["/wheels", "/wins", "/social", "/shop", "/you"], null: 25)
        row.moment("created_at", (Day.today - row.draw("day").within(0...150)).at(row.draw("at")), null: .bare)
    }
}

/// What tickets are about.
private enum Tickets: Sendable {
    static let subjects = [
        "Expenses do not save", "Map stays grey", "How do I cancel my trial?", "Fuel log shows gallons",
        "Cannot leave a group", "PAM answers twice", "Photo upload fails",
    ]
}
