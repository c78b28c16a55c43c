extension SeedTable {
    /// What each service last said about itself: one row an hour of two days.
    static let healthCheck = SeedTable(
        "health_check", .uuid(), bytesPerRow: 210, Population { $0.owner == 0 ? 48 : 0 }
    ) { row in
        let moment = Day.today.at(0) + -3_600 * row.key.first
        let isWell = row.key.first % 17 != 0
        row.id()
        row.turn("service_name", ["pam_backend", "frontend", "celery", "redis"])
        row.text("status", isWell ? "healthy" : "degraded")
        row.moment("checked_at", moment, null: .bare)
        row.object("details", null: 30) { json, draw in json.int("latency_ms", draw.within(8...240)) }
        row.moment("created_at", moment, null: .bare)
    }
}
