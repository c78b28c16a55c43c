extension SeedTable {
    /// Stops along the legs, planned and as they happened.
    static let tripWaypoints = SeedTable(
        "trip_waypoints", .uuid(), bytesPerRow: 300, Population(Trips.count, Trips.legs) { 2 + $0.second % 3 }
    ) { row in
        let leg = TripRoutes(row.key)
        let stop = row.key.third
        let isOver = leg.trip.status == "completed"
        let arrival = (leg.trip.start + row.key.second).at(8 * 3_600 + stop * 7_200)
        let late = row.draw("late").within(-20...90) * 60
        row.id()
        row.reference("route_id", .tripRoutes, row.key.upTo(2), null: .bare)
        row.owner()
        row.text("name", TripWaypoints.names[(stop + row.key.first) % 6], " near ", leg.from.name)
        row.text("description", "Stop on the way to ", leg.end.name, null: 40)
        row.point("location", leg.from.spot.towards(leg.end.spot, stop + 1, of: 6).near(row.draw("off the road")))
        row.text("waypoint_type", TripWaypoints.types[(stop + row.key.first) % 6], null: .bare)
        row.moment("planned_arrival", arrival, null: 10)
        row.moment("planned_departure", arrival + 3_600, null: 10)
        row.moment("actual_arrival", ifAny: isOver ? arrival + late : nil)
        row.moment("actual_departure", ifAny: isOver ? arrival + late + 3_900 : nil)
        row.int("waypoint_order", stop + 1)
        row.int("visit_duration_minutes", 15 * row.draw("visit").within(1...12), null: 20)
        row.text("notes", "Shade and clean toilets", null: 70)
        row.int("rating", in: 1...5, null: isOver ? 30 : 100)
        let created = (leg.trip.start - 28).at(row.draw("created"))
        row.moment("created_at", created, null: .bare)
        row.moment("updated_at", created, null: .bare)
    }
}

/// Kinds of stops, and what they are called.
private enum TripWaypoints: Sendable {
    static let types = ["stop", "gas_station", "restaurant", "lodging", "attraction", "rest_area"]
    static let names = ["Viewpoint", "Roadhouse", "Bakery", "Caravan park", "Lighthouse", "Rest area"]
}
