extension SeedTable {
    /// What users drive or tow.
    static let vehicles = SeedTable("vehicles", .uuid(), bytesPerRow: 640, Population(Vehicles.count)) { row in
        let vehicle = Vehicles(row.key)
        let mileage = FuelLog.odometer(row.key, FuelLog.count(row.key.upTo(0)))
        let number = row.key.owner * 10 + row.key.first
        row.id()
        row.owner()
        row.text("name", row.key.first == 0 ? "Our " : "The spare ", vehicle.model)
        row.text("make", vehicle.make, null: .bare)
        row.text("model", vehicle.model, null: .bare)
        row.int("year", in: 1_996...2_025, null: 5)
        row.text("vin", "5EEDVIN", number: number, digits: 10, null: 30)
        row.text("license_plate", "WW", number: number, digits: 5, null: 15)
        row.turn("vehicle_type", Vehicles.types, null: .bare)
        row.turn("fuel_type", ["diesel", "gasoline", "hybrid", "propane", "electric"], null: .bare)
        row.decimal("fuel_capacity_gallons", in: 1_200...4_800, digits: 2, null: 25)
        row.pick("engine_size", ["2.2 L", "2.8 L", "3.0 L V6", "4.5 L V8"], null: 30)
        row.pick("transmission", ["automatic", "manual"], null: 20)
        row.int("mileage_current", mileage, null: .bare)
        row.int("mileage_purchased", mileage / 3, null: 30)
        row.day("purchase_date", Day.today - row.draw("bought").within(200...2_800), null: 25)
        row.cents("purchase_price", row.draw("price").within(80...1_400) * 10_000, null: 35)
        row.pick("insurance_company", ["Road Mutual", "Van Cover", "Southern Insurance"], null: 25)
        row.text("insurance_policy", "POL-", number: number, digits: 7, null: 35)
        row.day("insurance_expires", Day.today + row.draw("insured").within(-60...360), null: 25)
        row.day("registration_expires", Day.today + row.draw("registered").within(-20...360), null: 25)
        row.bool("is_primary", row.key.first == 0, null: .bare)
        row.text("notes", "Second battery fitted, 200 Ah", null: 60)
        row.list("image_urls", ["https://images.seed.example/vehicles/1.jpg"], null: 60)
        row.object("specifications", null: .bare) { json, draw in
            json.int("sleeps", draw.within(1...6))
            json.int("solar_watts", draw.again.below(5) * 100)
        }
        row.decimal("fuel_consumption_mpg", 2_352_146 / vehicle.consumption, digits: 2, null: 20)
        row.decimal("fuel_consumption_l_per_100km", vehicle.consumption, digits: 2, null: 20)
        row.turn(
            "fuel_consumption_source", ["calculated_from_fillups", "user_provided", "manufacturer_spec"], null: 20)
        row.moment("fuel_consumption_last_updated", (Day.today - 3).at(row.draw("measured")), null: 30)
        row.int(
            "fuel_consumption_sample_size", row.key.first == 0 ? min(10, FuelLog.count(row.key.upTo(0))) : 0,
            null: .bare)
        row.moment("created_at", Person(owning: row.key).joinedAt + 90_000, null: .bare)
        row.moment("updated_at", (Day.today - 3).at(row.draw("measured")), null: .bare)
    }
}

/// A vehicle, as its fuel log sees it.
struct Vehicles: Sendable {
    private let draw: Draw

    private static let makes = Stream("vehicles make")

    init(_ key: RowKey) { draw = Vehicles.makes(key.upTo(1)) }

    static let count: Population.Count = { key in
        let level = Person.level(key.owner)
        return level == 0 ? 0 : level >= 9 ? 2 : 1
    }

    private static let known: [(make: String, model: String)] = [
        ("Toyota", "Coaster"), ("Toyota", "LandCruiser 79"), ("Mercedes-Benz", "Sprinter"), ("Ford", "Ranger"),
        ("Jayco", "Journey"), ("Winnebago", "Burleigh"), ("Iveco", "Daily"), ("Isuzu", "D-Max"),
    ]
    static let models = known.map { "\($0.make) \($0.model)" }
    static let types = [
        "rv", "motorhome", "travel_trailer", "fifth_wheel", "truck", "car", "motorcycle", "boat",
    ]

    var make: String { draw.pick(Vehicles.known).make }
    var model: String { draw.pick(Vehicles.known).model }
    /// Hundredths of a litre for 100 km.
    var consumption: Int { draw.again.within(820...1_950) }
}
