extension SeedTable {
    /// Turns of chats with what PAM understood; half of them have expired.
    static let pamConversationMemory = SeedTable(
        "pam_conversation_memory", .uuid(), bytesPerRow: 500, Population { Person.level($0.owner) }
    ) { row in
        let intent = row.draw("intent").below(Words.intents.count)
        let moment = (Day.today - row.draw("day").within(0...60)).at(row.draw("at"))
        let needsMore = row.draw("more").chance(20)
        row.id()
        row.owner()
        row.reference("session_id", .assistantSessions, RowKey(row.key.owner, row.key.first / 4), null: 5)
        row.int("message_sequence", row.key.first % 4 + 1)
        row.text("user_message", Words.questions[intent], null: .bare)
        row.text("pam_response", Words.answers[intent], null: .bare)
        row.text("detected_intent", Words.intents[intent], null: 5)
        row.decimal("intent_confidence", in: 400...990, digits: 3, null: 5)
        row.object("entities_extracted", null: 25) { json, draw in json.int("amount", draw.within(5...200)) }
        row.object("context_used", null: 30) { json, draw in
            json.list("sources", [draw.chance(50) ? "expenses" : "trips"])
        }
        row.object("user_preferences_learned", null: 70) { json, draw in
            json.text("camping", draw.pick(Words.campTypes))
        }
        row.int("response_time_ms", in: 180...4_200, null: 5)
        row.decimal("response_quality", in: 30...50, digits: 1, null: 40)
        row.pick("node_used", ["wheels", "wins", "social", "you", "shop"], null: 15)
        row.bool("follow_up_needed", needsMore, null: 10)
        row.text("follow_up_reason", ifAny: needsMore ? "date was missing" : nil)
        row.pick("user_feedback", ["helpful", "wrong place", "too long"], null: 70)
        row.moment("message_timestamp", moment, null: .bare)
        row.moment("created_at", moment, null: .bare)
        row.moment("expires_at", moment + 30 * 86_400, null: 10)
    }
}
