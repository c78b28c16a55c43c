extension SeedTable {
    /// What PAM did and how fast; the youngest ninety days are kept in production, some here are older.
    static let pamAnalyticsLogs = SeedTable(
        "pam_analytics_logs", .number(), bytesPerRow: 450, Population { Person.level($0.owner) * 2 }
    ) { row in
        let moment = (Day.today - row.draw("day").within(0...110)).at(row.draw("at"))
        let failed = row.draw("failed").chance(6)
        let intent = row.draw("intent").below(Words.intents.count)
        let number = row.key.owner * RowKey.fanOut + row.key.first
        row.number()
        row.owner(null: 3)
        row.reference("session_id", .assistantSessions, RowKey(row.key.owner, row.key.first / 4), null: 5)
        row.pick("event_type", ["message", "tool_call", "voice", "error"], null: .bare)
        row.text("intent", Words.intents[intent], null: 10)
        row.text("log_level", failed ? "error" : "info", null: .bare)
        row.text("message", failed ? "The tool gave no answer" : "Answered", null: 15)
        row.text("message_preview", Words.questions[intent], null: 20)
        row.text("error_type", ifAny: failed ? "timeout" : nil)
        row.text("error_message", ifAny: failed ? "no answer within 8 s" : nil)
        row.text("trace_id", "trace-", number: number, digits: 12, null: 10)
        row.text("log_id", "log-", number: number, digits: 12, null: 10)
        row.pick("workflow_name", ["chat", "voice", "daily digest"], null: 25)
        row.pick("confidence_level", ["low", "medium", "high"], null: 15)
        row.decimal("confidence", in: 300...990, digits: 3, null: 15)
        row.int("response_time_ms", in: 150...8_000, null: 5)
        row.int("api_calls_count", in: 0...6, null: 10)
        row.int("hour_of_day", moment.hour, null: .bare)
        row.int("day_of_week", moment.weekday, null: .bare)
        row.bool("success", !failed, null: .bare)
        row.bool("has_error", failed, null: .bare)
        row.bool("is_weekend", moment.weekday % 6 == 0, null: .bare)
        row.bool("validation_passed", percent: 95, null: 10)
        row.bool("voice_enabled", percent: 35, null: 10)
        row.object("event_data", null: 50) { json, draw in json.int("tokens", draw.within(20...900)) }
        row.object("metadata", null: 50) { json, draw in json.text("model", draw.chance(70) ? "small" : "large") }
        row.object("raw_context", null: 80) { json, _ in json.text("screen", "wins") }
        row.moment("timestamp", moment, null: .bare)
        row.moment("created_at", moment, null: .bare)
    }
}
