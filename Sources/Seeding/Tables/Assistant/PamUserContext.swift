extension SeedTable {
    /// What PAM knows about users right now.
    static let pamUserContext = SeedTable(
        "pam_user_context", .account("user_id"), bytesPerRow: 490, Population { Person.level($0.owner) == 0 ? 0 : 1 }
    ) { row in
        let person = Person(row.key.owner)
        let moment = AuthUsers.lastSignIn(person.number) ?? person.joinedAt
        let town = person.town(row.draw("town").below(6))
        row.owner()
        row.text("context_type", "general")
        row.object("context_data") { json, _ in
            json.text("region", person.region.name)
            json.text("currency", person.region.currency)
        }
        row.object("current_location", null: 20) { json, _ in
            json.text("name", town.name)
            json.line("at", [town.spot])
        }
        row.object("interaction_patterns", null: 30) { json, draw in json.int("messages_a_week", draw.within(1...60)) }
        row.object("learned_preferences", null: 35) { json, draw in json.text("camping", draw.pick(Words.campTypes)) }
        row.object("travel_preferences", null: 30) { json, draw in json.text("limit", draw.pick(Words.drivingLimits)) }
        row.object("vehicle_info", null: 30) { json, draw in json.text("model", draw.pick(Vehicles.models)) }
        row.some("recent_intents", of: Words.intents, null: 10)
        row.pick("conversation_mood", ["cheerful", "neutral", "in a hurry"], null: 30)
        row.pick("preferred_response_style", ["balanced", "brief", "detailed"], null: 15)
        row.reference("active_trip_id", .userTrips, RowKey(person.number, 0), null: 50)
        row.reference("current_session_id", .assistantSessions, RowKey(person.number, 0), null: 50)
        row.moment("last_interaction", moment, null: 10)
        row.moment("last_updated", moment, null: .bare)
        row.moment("expires_at", Day(year: 2_036, month: 1, day: 1).at(0), null: 50)
        row.moment("updated_at", moment, null: .bare)
    }
}
