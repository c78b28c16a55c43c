extension SeedTable {
    /// Work done on vehicles and when it is due again.
    static let maintenanceRecords = SeedTable(
        "maintenance_records", .number(), bytesPerRow: 240, Population { Person.level($0.owner) }
    ) { row in
        let number = row.key.first
        let day = Day.today - 90 * (number % 8) - row.draw("day").below(60)
        let status = Maintenance.states[(row.key.owner + number) % Maintenance.states.count]
        let days = row.draw("due").within(1...14)
        let due =
            switch status {
            case "overdue": Day.today - days * 3
            case "due_soon": Day.today + days
            case "pending": Day.today + days * 12
            default: day + 90
            }
        let mileage = 50_000 + 3_000 * (number % 40)
        row.number()
        row.owner()
        row.turn("task", Maintenance.tasks)
        row.day("date", day)
        row.int("mileage", mileage)
        row.cents("cost", row.draw("cost").within(5_000...15_000), null: 15)
        row.text("status", status, null: .bare)
        row.day("next_due_date", due, null: 10)
        row.int("next_due_mileage", mileage + 3_000, null: 10)
        row.text("notes", "Parts in the left locker", null: 70)
        row.text("receipt_photo_url", "https://images.seed.example/maintenance/", number: number, null: 80)
        row.moment("created_at", day.at(row.draw("at")), null: .bare)
    }
}

/// Tasks of the workshop, and how far they are.
private enum Maintenance: Sendable {
    static let states = ["completed", "pending", "completed", "overdue", "due_soon"]
    static let tasks = ["Oil Change", "Tire Rotation", "Brake Inspection", "Air Filter Replacement", "Coolant Check"]
}
