extension SeedTable {
    /// Who changed what.
    static let auditLogs = SeedTable(
        "audit_logs", .uuid(), bytesPerRow: 410, Population { Person.level($0.owner) / 2 }
    ) { row in
        let action = row.draw("action").pick(["login", "profile_update", "trip_create", "expense_delete", "export"])
        row.id()
        row.owner(null: 3)
        row.text("action", action)
        row.pick("resource_type", ["profile", "trip", "expense", "session"], null: 15)
        row.reference("resource_id", .userTrips, RowKey(row.key.owner, row.key.first), null: 20)
        row.object("old_values", null: 55) { json, draw in json.int("version", draw.within(1...9)) }
        row.object("new_values", null: 45) { json, draw in json.int("version", draw.within(2...10)) }
        row.address("ip_address", null: 10)
        row.text("user_agent", "WheelsAndWins/2.4 (", row.draw("device").pick(Words.devices), ")", null: 10)
        row.moment("timestamp", (Day.today - row.draw("day").within(0...180)).at(row.draw("second")), null: .bare)
    }
}
