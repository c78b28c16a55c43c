extension SeedTable {
    /// Trips that several users plan together.
    static let groupTrips = SeedTable("group_trips", .uuid(), bytesPerRow: 520, Population(GroupTrips.count)) { row in
        let person = Person(owning: row.key)
        let status = ["planning", "active", "completed", "cancelled"][(row.key.owner + row.key.first) % 4]
        let days = row.draw("start").within(12...150)
        let start = Day.today + (status == "planning" ? days : status == "active" ? -4 : -days)
        row.id()
        row.owner("created_by")
        row.text("trip_name", person.town(2).name, " together")
        row.text("description", "Convoy from ", person.town(0).name, " to ", person.town(2).name, null: 20)
        row.day("start_date", start, null: 10)
        row.day("end_date", start + 9, null: 15)
        row.object("meeting_point", null: 20) { json, _ in
            json.text("name", person.town(0).name)
            json.line("at", [person.town(0).spot])
        }
        row.object("route_data", null: 30) { json, _ in
            json.line("waypoints", [person.town(0).spot, person.town(1).spot, person.town(2).spot])
        }
        row.object("budget_coordination", null: 40) { json, draw in
            json.text("split", draw.chance(50) ? "equal" : "by_vehicle")
            json.int("per_person", draw.within(2...20) * 50)
        }
        row.text("status", status)
        let created = (start - 60).at(row.draw("created"))
        row.moment("created_at", created, null: .bare)
        row.moment("updated_at", created, null: .bare)
    }

    /// Who was invited; the creator is the organizer, as the trigger makes them.
    static let groupTripParticipants = SeedTable(
        "group_trip_participants", .uuid(), bytesPerRow: 340, Population(GroupTrips.count, GroupTrips.people)
    ) { row in
        let isCreator = row.key.second == 0
        row.id()
        row.reference("trip_id", .groupTrips, row.key.upTo(1))
        row.reference("user_id", .users, RowKey(GroupTrips.person(row.key)))
        row.text("role", isCreator ? "organizer" : "participant")
        row.text(
            "status", isCreator ? "accepted" : ["accepted", "invited", "declined", "accepted"][row.key.second % 4])
        row.moment("joined_at", (Day.today - row.draw("joined").within(10...200)).at(row.draw("at")), null: 3)
    }
}

/// Group trips, as the people on them see it.
enum GroupTrips: Sendable {
    private static let guests = Stream("group_trip_participants user_id")

    static let count: Population.Count = { key in
        switch key.owner {
        case Cast.firstOwner, Cast.secondOwner, Cast.bare: 1
        default: Person.level(key.owner) / 8
        }
    }

    static let people: Population.Count = { key in
        switch key.owner {
        case Cast.firstOwner: Cast.firstCircle.count
        case Cast.secondOwner: Cast.secondCircle.count
        default: 3 + guests(key.upTo(1)).below(5)
        }
    }

    /// Who the participant of a key is: the creator first.
    ///
    /// The trips of the two circles are for their people alone.
    static func person(_ key: RowKey) -> Int {
        switch key.owner {
        case _ where key.second == 0: return key.owner
        case Cast.firstOwner: return Cast.firstCircle[key.second]
        case Cast.secondOwner: return Cast.secondCircle[key.second]
        default:
            let draw = guests(key.upTo(1)).again
            // Whoever would be the creator gives way to the next place that nobody has.
            let places = 0...people(key)
            let others = places.lazy.map { Person.distinct($0, draw, with: key.owner) }.filter { $0 != key.owner }
            return others.dropFirst(key.second - 1).first ?? key.owner
        }
    }
}
