extension SeedTable {
    /// The legs of trips in driving order.
    static let tripRoutes = SeedTable(
        "trip_routes", .uuid(), bytesPerRow: 560, Population(Trips.count, Trips.legs)
    ) { row in
        let leg = TripRoutes(row.key)
        row.id()
        row.reference("trip_id", .userTrips, row.key.upTo(1), null: .bare)
        row.owner()
        row.text("route_name", leg.from.name, " – ", leg.end.name)
        row.point("start_location", leg.from.spot, null: .bare)
        row.point("end_location", leg.end.spot, null: .bare)
        row.object("route_data", null: 10) { json, draw in
            json.line("waypoints", [leg.from.spot, leg.from.spot.towards(leg.end.spot, 1, of: 2), leg.end.spot])
            json.bool("avoid_tolls", draw.chance(30))
        }
        row.decimal("distance_km", leg.metres / 10, digits: 2, null: .bare)
        row.decimal("estimated_duration_hours", leg.minutes * 100 / 60, digits: 2, null: .bare)
        row.int("route_order", row.key.second + 1, null: .bare)
        let created = (leg.trip.start - 30).at(row.draw("created"))
        row.moment("created_at", created, null: .bare)
        row.moment("updated_at", created, null: .bare)
    }
}

/// A leg, as its stops see it.
struct TripRoutes: Sendable {
    let trip: Trips
    private let number: Int

    init(_ key: RowKey) {
        trip = Trips(key)
        number = key.second
    }

    var from: Town { trip.town(number) }
    var end: Town { trip.town(number + 1) }
    var metres: Int { min(from.spot.road(to: end.spot), 9_000_000) }
    /// At 72 km/h with the breaks.
    var minutes: Int { metres / 1_200 }
}
