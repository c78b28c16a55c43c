extension SeedTable {
    /// Appointments, from trips to inspections.
    static let calendarEvents = SeedTable(
        "calendar_events", .uuid(), bytesPerRow: 330, Population { Person.level($0.owner) }
    ) { row in
        let kind = (row.key.owner + row.key.first) % Calendar.kinds.count
        let isAllDay = kind % 4 == 1
        let day = Day.today + row.draw("day").within(-90...180)
        let start = isAllDay ? day.at(0) : day.at(row.draw("at"))
        row.id()
        row.owner()
        row.text("title", Calendar.titles[kind], " in ", Person(owning: row.key).town(row.key.first).name)
        row.text("description", "Bring the folder with the papers", null: 65)
        row.moment("start_date", start)
        row.moment("end_date", start + (isAllDay ? 86_400 : 5_400))
        row.bool("all_day", isAllDay)
        row.text("event_type", Calendar.kinds[kind])
        row.text("location_name", Person(owning: row.key).town(row.key.first).name, null: 30)
        row.list("reminder_minutes", numbers: kind % 3 == 0 ? [15, 1_440] : [15], null: .bare)
        row.text("color", Calendar.colours[kind % Calendar.colours.count])
        row.bool("is_private", percent: 75)
        row.moment("created_at", (day - 40).at(row.draw("created")), null: .bare)
        row.moment("updated_at", (day - 40).at(row.draw("created")), null: .bare)
    }
}

/// Kinds of appointments.
private enum Calendar: Sendable {
    static let kinds = [
        "personal", "trip", "maintenance", "meeting", "reminder", "birthday", "holiday", "booking", "inspection",
    ]
    static let titles = [
        "Dentist", "Departure", "Service", "Club meeting", "Call home", "Birthday", "Long weekend", "Powered site",
        "Roadworthy",
    ]
    static let colours = ["#3b82f6", "#10b981", "#f59e0b", "#ef4444"]
}
