extension SeedTable {
    /// The directory of places to camp.
    static let campingLocations = SeedTable(
        "camping_locations", .uuid(), bytesPerRow: 600,
        Population { $0.owner == 0 ? 60 : SeedScale.opensStep($0.owner) ? 15 : 0 }
    ) { row in
        let number = row.key.owner / SeedScale.usersPerStep * 15 + row.key.first
        let town = Region.australia.towns[row.draw("town").below(25)]
        let kind = row.draw("kind").below(CampingLocations.kinds.count)
        let isFree = kind == 1
        let spot = town.spot.near(row.draw("spot"))
        row.id()
        row.text("name", town.name, CampingLocations.names[kind])
        row.text("type", CampingLocations.kinds[kind])
        row.decimal("latitude", spot.latitude, digits: 6)
        row.decimal("longitude", spot.longitude, digits: 6)
        row.text("address", town.name, ", ", town.state, null: 20)
        row.object("amenities", null: .bare) { json, draw in
            json.bool("toilets", draw.chance(80))
            json.bool("showers", !isFree && draw.again.chance(85))
            json.bool("bbq", draw.again.again.chance(60))
        }
        row.object("hookups", null: isFree ? 100 : 15) { json, draw in
            json.bool("power", draw.chance(80))
            json.bool("water", draw.again.chance(90))
        }
        row.object("alternative_sites", null: 70) { json, _ in json.list("names", [town.name + " showground"]) }
        row.object("availability_calendar", null: 60) { json, draw in json.int("open_sites", draw.within(0...40)) }
        row.object("seasonal_info", null: 60) { json, draw in
            json.text("best", draw.pick(["winter", "spring", "summer", "autumn"]))
        }
        row.decimal("user_ratings", in: 25...50, digits: 1, null: 10)
        row.cents("price_per_night", isFree ? 0 : 1_500 + row.draw("price").below(41) * 100, null: 10)
        row.bool("is_free", isFree, null: .bare)
        row.decimal("max_rig_length", in: 60...160, digits: 1, null: 30)
        row.bool("reservation_required", kind == 2, null: 20)
        row.text("reservation_link", "https://book.seed.example/", number: number, null: isFree ? 100 : 30)
        row.text("source_url", "https://camps.seed.example/", number: number, null: 10)
        row.pick("reviews_summary", ["Quiet and level", "Busy in school holidays", "Good shade"], null: 40)
        row.pick("crowd_level", ["low", "medium", "high"], null: 20)
        row.moment("last_crowd_update", (Day.today - number % 30).at(row.draw("crowd")), null: 25)
        row.moment("last_scraped", (Day.today - 10).at(row.draw("scraped")), null: 10)
        row.moment("created_at", (Day.today - 400).at(row.draw("created")), null: .bare)
        row.moment("updated_at", (Day.today - 10).at(row.draw("scraped")), null: .bare)
    }
}

/// Kinds of camp sites, and what they are called.
private enum CampingLocations: Sendable {
    static let kinds = ["beachfront", "free_camp", "caravan_park", "national_park", "farm_stay"]
    static let names = [" Foreshore Camp", " Rest Area", " Caravan Park", " Bush Camp", " Farm Stay"]
}
