extension SeedTable {
    /// Every fill-up, a week after the one before; the total is volume times price.
    static let fuelLog = SeedTable("fuel_log", .number(), bytesPerRow: 260, Population(FuelLog.count)) { row in
        let person = Person(owning: row.key)
        let number = row.key.first
        let volume = row.draw("volume").within(45_000...65_000)
        let price = person.region.litre + row.draw("price").within(-90...140)
        let isFirst = number == 0
        let metres = 1_000 * (FuelLog.odometer(row.key, number) - FuelLog.odometer(row.key, max(0, number - 1)))
        row.number()
        row.owner()
        row.reference("vehicle_id", .vehicles, RowKey(row.key.owner), null: 8)
        row.day("date", Day.today - 7 * (FuelLog.count(row.key.upTo(0)) - number))
        row.int("odometer", FuelLog.odometer(row.key, number), null: 5)
        row.decimal("volume", volume, digits: 3, null: .bare)
        row.decimal("price", price, digits: 3, null: .bare)
        row.cents("total", (volume * price + 5_000) / 10_000, null: .bare)
        row.decimal("consumption", isFirst ? 0 : volume * 10_000 / max(1, metres), digits: 2, null: isFirst ? 100 : 10)
        row.text(
            "location", person.region.fuel[number % person.region.fuel.count], " ", person.town(number).name, null: 10)
        row.text("notes", "Headwind all day", null: 80)
        row.text("region", person.region.name, null: 10)
        row.bool("filled_to_top", percent: 88, null: .bare)
        row.text("receipt_url", "https://images.seed.example/fuel/", number: number, null: 85)
        row.text("receipt_photo_url", "https://images.seed.example/fuel/photo/", number: number, null: 85)
        row.object("receipt_metadata", null: 85) { json, draw in json.int("pump", draw.within(1...12)) }
        row.moment(
            "created_at", (Day.today - 7 * (FuelLog.count(row.key.upTo(0)) - number)).at(row.draw("at")), null: .bare)
    }
}

/// The odometer of a user's first vehicle over the weeks.
enum FuelLog: Sendable {
    static let count: Population.Count = { Person.level($0.owner) * 2 }

    /// Kilometres at a fill-up: 75,000 and about 500 a week.
    static func odometer(_ key: RowKey, _ number: Int) -> Int {
        75_000 + key.owner % 97 * 400 + number * 500 + number * key.owner % 60
    }
}
