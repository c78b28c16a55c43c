extension SeedTable {
    /// What trips cost.
    static let tripExpenses = SeedTable(
        "trip_expenses", .uuid(), bytesPerRow: 270, Population(Trips.count, TripExpenses.count)
    ) { row in
        let trip = Trips(row.key)
        let category = TripExpenses.category(row.key)
        let town = trip.town(row.key.second % 3)
        let day = min(Day.today, trip.start + row.key.second % (trip.days + 1))
        row.id()
        row.reference("trip_id", .userTrips, row.key.upTo(1), null: .bare)
        row.owner()
        row.text("category", category)
        row.cents("amount", TripExpenses.amount(row.key))
        row.text("currency", trip.currency, null: .bare)
        row.text("description", category, " in ", town.name, null: 15)
        row.pick("vendor", ["Roadhouse", "Foodland", "Big4", "Visitor Centre", "Tyre Works"], null: 25)
        row.point("location", town.spot.near(row.draw("where")), null: 35)
        row.day("expense_date", day)
        row.text("receipt_url", "https://images.seed.example/receipts/", number: row.key.second, null: 70)
        row.lean("payment_method", Words.payments, null: 10)
        row.some("tags", of: ["shared", "refundable", "cash"], null: 60)
        row.moment("created_at", day.at(row.draw("time")), null: .bare)
        row.moment("updated_at", day.at(row.draw("time")), null: .bare)
    }
}

/// Amounts of trip expenses, which a trip adds up.
enum TripExpenses: Sendable {
    private static let categories = Stream("trip_expenses category")
    private static let amounts = Stream("trip_expenses amount")
    private static let prices: [(name: String, low: Int, high: Int)] = [
        ("fuel", 6_500, 16_000), ("food", 1_200, 9_500), ("lodging", 2_500, 14_000), ("attractions", 1_000, 12_000),
        ("other", 500, 6_000), ("maintenance", 4_000, 35_000),
    ]

    /// A trip that has not begun has cost nothing yet.
    static let count: Population.Count = { Trips($0).start > Day.today ? 0 : 2 + amounts($0.upTo(1)).below(8) }

    private static func price(_ key: RowKey) -> (name: String, low: Int, high: Int) {
        let draw = categories(key)
        return prices[min(draw.below(prices.count), draw.again.below(prices.count))]
    }

    static func category(_ key: RowKey) -> String { price(key).name }

    static func amount(_ key: RowKey) -> Int {
        let price = price(key)
        return amounts(key).within(price.low...price.high)
    }
}
