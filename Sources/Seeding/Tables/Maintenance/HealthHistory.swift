extension SeedTable {
    /// How health tests went, every hour of three days.
    static let healthCheckHistory = SeedTable(
        "health_check_history", .uuid(), bytesPerRow: 270, Population { $0.owner == 0 ? 72 : 0 }
    ) { row in
        let failed = row.key.first % 11 == 3
        row.id()
        row.turn("test_name", ["database", "redis", "storage", "assistant"])
        row.text("status", failed ? "fail" : "pass")
        row.int("duration_ms", failed ? 5_000 : row.draw("time").within(6...300))
        row.text("message", ifAny: failed ? "no answer within 5 s" : nil)
        row.moment("timestamp", Day.today.at(0) + -3_600 * row.key.first)
    }

    /// Changes of the state of health.
    static let healthCheckAlerts = SeedTable(
        "health_check_alerts", .uuid(), bytesPerRow: 180, Population { $0.owner == 0 ? 12 : 0 }
    ) { row in
        let state = ["healthy", "degraded", "healthy", "critical"][row.key.first % 4]
        row.id()
        row.text("status", state)
        row.list("failed_tests", state == "healthy" ? [] : state == "critical" ? ["database", "redis"] : ["redis"])
        row.text("message", ifAny: state == "healthy" ? nil : "no answer within 5 s")
        row.moment("created_at", (Day.today - 3 * row.key.first).at(row.draw("at")))
    }
}
