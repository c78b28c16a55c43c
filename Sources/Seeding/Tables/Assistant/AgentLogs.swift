extension SeedTable {
    /// Question, answer and tools of each run of the agent.
    static let agentLogs = SeedTable("agent_logs", .uuid(), bytesPerRow: 430, Population { Person.level($0.owner) }) {
        row in
        let moment = (Day.today - row.draw("day").within(0...150)).at(row.draw("at"))
        let intent = row.draw("intent").below(Words.intents.count)
        let milliseconds = row.draw("time").within(200...6_000)
        row.id()
        row.owner(null: 3)
        row.reference("session_id", .assistantSessions, RowKey(row.key.owner, row.key.first / 4))
        row.text("message", Words.questions[intent])
        row.text("response", Words.answers[intent])
        row.text("intent", Words.intents[intent], null: 10)
        row.decimal("confidence_score", in: 35...99, digits: 2, null: 10)
        row.int("response_time_ms", milliseconds, null: 5)
        row.int("response_time", milliseconds, null: 60)
        row.turn("input_type", ["text", "text", "voice"], null: .bare)
        row.json("tools_used", row.draw("tool").chance(50) ? #"["expenses.add"]"# : "[]", null: .bare)
        row.text("error_message", "no answer within 8 s", null: 94)
        row.object("metadata", null: .bare) { json, draw in json.int("tokens", draw.within(20...900)) }
        row.moment("created_at", moment)
        row.moment("updated_at", moment)
    }
}
