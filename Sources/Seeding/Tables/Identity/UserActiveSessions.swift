extension SeedTable {
    /// Devices on which users are signed in; some have expired and wait for the hourly cleanup.
    static let userActiveSessions = SeedTable(
        "user_active_sessions", .uuid(), bytesPerRow: 380, Population { min(3, Person.level($0.owner)) }
    ) { row in
        let person = Person(owning: row.key)
        let device = row.draw("device").pick(Words.devices)
        let last = (Day.today - row.draw("last").within(0...25)).at(row.draw("last second"))
        let hasExpired = row.draw("expired").chance(25)
        row.id()
        row.owner()
        row.text("session_id", "seed-session-", number: row.key.owner * RowKey.fanOut + row.key.first, digits: 10)
        row.object("device_info", null: 15) { json, draw in
            json.text("os", device)
            json.text("browser", draw.pick(Words.browsers))
        }
        row.object("location_info", null: 40) { json, _ in
            json.text("town", person.town(0).name)
            json.text("country", person.region.country)
        }
        row.address("ip_address", null: 10)
        row.text("user_agent", "WheelsAndWins/2.4 (", device, ")", null: 10)
        row.bool("is_current", row.key.first == 0, null: .bare)
        row.moment("last_activity", last, null: .bare)
        row.moment("expires_at", hasExpired ? last + 3_600 : Day(year: 2_036, month: 1, day: 1).at(0), null: .bare)
        row.moment("created_at", last + -7 * 86_400, null: .bare)
    }
}
