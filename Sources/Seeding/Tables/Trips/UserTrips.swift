extension SeedTable {
    /// Trips of users, from the first plan to the last day.
    static let userTrips = SeedTable("user_trips", .uuid(), bytesPerRow: 730, Population(Trips.count)) { row in
        let trip = Trips(row.key)
        row.id()
        row.owner()
        row.text("title", trip.from.name, " to ", trip.end.name)
        row.text("description", "A ", trip.type, " through ", trip.from.state, null: 20)
        row.day("start_date", trip.start, null: 5)
        row.day("end_date", trip.start + trip.days, null: 10)
        row.text("status", trip.status, null: .bare)
        row.text("trip_type", trip.type, null: .bare)
        row.cents("total_budget", trip.days * 16_000, null: 10)
        row.cents("spent_budget", trip.spent, null: .bare)
        row.turn("privacy_level", ["private", "friends", "private", "public"], null: .bare)
        row.object("metadata", null: .bare) { json, _ in
            json.object("route_data") { route in
                route.text("source", "planner")
                route.line("waypoints", [trip.from.spot, trip.town(1).spot, trip.end.spot])
                route.object("geometry") { geometry in
                    geometry.text("type", "LineString")
                    geometry.line("coordinates", [trip.from.spot, trip.town(1).spot, trip.end.spot])
                }
            }
        }
        let created = (trip.start - 40).at(row.draw("created"))
        row.moment("created_at", created, null: .bare)
        row.moment("updated_at", created + 86_400, null: .bare)
    }
}

/// A trip, as its legs, stops and costs see it.
struct Trips: Sendable {
    let key: RowKey
    private let person: Person

    private static let starts = Stream("user_trips start_date")
    private static let lengths = Stream("user_trips days")
    private static let origins = Stream("user_trips origin")
    private static let types = Stream("user_trips trip_type")
    private static let cancellations = Stream("user_trips cancelled")

    init(_ key: RowKey) {
        self.key = key.upTo(1)
        person = Person(owning: key)
    }

    static let count: Population.Count = { (Person.level($0.owner) + 1) / 2 }

    /// From fourteen months ago to four months ahead; every eighth trip is under way.
    var start: Day {
        key.first % 8 == 1
            ? Day.today - Trips.starts(key).below(days) : Day.today + Trips.starts(key).within(-430...120)
    }
    var days: Int { 2 + Trips.lengths(key).below(19) }
    var type: String { Trips.types(key).lean(["road_trip", "camping", "rv_travel", "vacation", "business"]) }
    /// A town so many stops after the first one.
    func town(_ stop: Int) -> Town { person.town(Trips.origins(key).below(6) + stop) }
    var from: Town { town(0) }
    var end: Town { town(Trips.legs(key)) }
    var currency: String { person.region.currency }

    var status: String {
        if Trips.cancellations(key).chance(10) { return "cancelled" }
        if start > Day.today { return "planning" }
        return start + days < Day.today ? "completed" : "active"
    }

    /// How many legs a trip has.
    static let legs: Population.Count = { 1 + lengths($0.upTo(1)).again.below(3) }

    /// What its expenses add up to.
    var spent: Int {
        (0..<TripExpenses.count(key)).reduce(0) { $0 + TripExpenses.amount(key.below($1, step: 2)) }
    }
}
