extension SeedTable {
    /// Things that users sell to one another.
    static let marketplaceListings = SeedTable(
        "marketplace_listings", .uuid(), bytesPerRow: 380, Population { (Person.level($0.owner) + 2) / 4 }
    ) { row in
        let person = Person(owning: row.key)
        let thing = row.draw("thing").pick(Listings.things)
        let created = (Day.today - row.draw("created").within(1...120)).at(row.draw("at"))
        row.id()
        row.owner()
        row.text("title", thing.name)
        row.text("description", thing.name, ", pick up in ", person.town(0).name, null: 20)
        row.text("location", person.town(0).name, null: 15)
        row.text("image", "https://images.seed.example/market/", number: row.key.first, null: 40)
        row.text("seller", person.givenName, null: 20)
        row.pick("posted", ["today", "this week", "2 weeks ago"], null: 50)
        row.cents("price", thing.price * row.draw("price").within(50...110), null: 5)
        row.text("category", thing.category, null: .bare)
        row.turn("condition", ["Excellent", "Good", "Fair", "Poor"], null: .bare)
        row.turn("status", Listings.states, null: .bare)
        row.list("photos", ["https://images.seed.example/market/1.jpg"], null: 50)
        row.bool("is_favorite", percent: 20, null: 30)
        row.moment("created_at", created, null: .bare)
        row.moment("updated_at", created, null: .bare)
    }
}

/// What is sold, with the category and the usual price, and how far a sale is.
private enum Listings: Sendable {
    static let states = ["active", "approved", "pending", "sold", "expired", "rejected"]
    static let things: [(name: String, category: String, price: Int)] = [
        ("80 L fridge", "Electronics", 450), ("Folding table", "Furniture", 60), ("Tow hitch", "Parts", 180),
        ("Swag, double", "Camping", 220), ("Socket set", "Tools", 90), ("Solar blanket 200 W", "Electronics", 310),
        ("Roof rack", "Parts", 400), ("Camp kitchen", "Camping", 150), ("Inverter 2 kW", "Electronics", 380),
        ("Box of paperbacks", "Other", 20), ("Annexe 4 m", "Camping", 550), ("Recovery boards", "Tools", 120),
    ]
}
