extension SeedTable {
    /// What users did within the last two months, one event each.
    static let usageEvents = SeedTable(
        "usage_events", .uuid(), bytesPerRow: 240, Population { Person.level($0.owner) * 2 }
    ) { row in
        let isTool = row.draw("tool").chance(40)
        row.id()
        row.owner()
        row.text("event_type", isTool ? "tool_call" : row.draw("type").pick(["message", "page_view", "voice"]))
        row.pick("tool_name", ["expenses.add", "trips.plan", "weather.read", "fuel.find"], null: isTool ? .bare : 100)
        row.decimal("cost_estimate", in: 0...900, digits: 4)
        row.object("metadata", null: .bare) { json, draw in json.int("tokens", draw.within(10...800)) }
        row.moment("created_at", (Day.today - row.draw("day").within(0...Usage.days)).at(row.draw("at")))
    }

    /// What the daily job made of the events of earlier days, which are gone.
    static let dailyUsageStats = SeedTable(
        "daily_usage_stats", .uuid(), bytesPerRow: 160, sharedKey: "date", Population { $0.owner == 0 ? 90 : 0 }
    ) { row in
        let day = Day.today - (Usage.days + 1 + row.key.first)
        let users = row.draw("users").within(8...24)
        let events = users * row.draw("events").within(3...14)
        row.id()
        row.day("date", day)
        row.int("unique_users", users)
        row.int("total_events", events)
        row.int("total_tool_calls", events * 2 / 5)
        row.decimal("estimated_cost", events * 410, digits: 4)
        row.moment("created_at", (day + 1).at(900), null: .bare)
        row.moment("updated_at", (day + 1).at(900), null: .bare)
    }

    /// The first and the last day with an event of each user.
    static let userActivity = SeedTable(
        "user_activity", .account("user_id"), bytesPerRow: 160, Population { Person.level($0.owner) == 0 ? 0 : 1 }
    ) { row in
        let joined = Person(row.key.owner).joined
        row.owner()
        row.day("first_seen", joined)
        row.day("last_seen", max(joined, AuthUsers.lastSignIn(row.key.owner)?.day ?? joined))
    }

    /// Visits of users to the app.
    static let analyticsSessions = SeedTable(
        "analytics_sessions", .uuid(), bytesPerRow: 250, Population { Person.level($0.owner) }
    ) { row in
        let start = (Day.today - row.draw("day").within(0...Usage.days)).at(row.draw("at"))
        let views = row.draw("views").within(1...40)
        row.id()
        row.owner()
        row.moment("session_start", start)
        row.moment("session_end", start + 45 * views, null: 8)
        row.int("page_views", views)
        row.decimal("bounce_rate", views == 1 ? 10_000 : row.draw("bounce").within(0...6_000), digits: 2, null: 20)
        row.address("ip_address", null: 10)
        row.text("user_agent", row.draw("device").pick(Words.devices), " browser", null: 10)
        row.moment("created_at", start, null: .bare)
    }
}

/// How far back events go; older ones are in the statistics alone.
private enum Usage: Sendable {
    static let days = 60
}
