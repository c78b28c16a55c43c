extension SeedTable {
    /// Conversations of users with PAM.
    static let pamConversations = SeedTable(
        "pam_conversations", .uuid(), bytesPerRow: 320, Population(Conversations.count)
    ) { row in
        let begin = Conversations.begin(row.key)
        let messages = Conversations.messages(row.key)
        let intent = Conversations.intent(row.key.below(0, step: 2))
        row.id()
        row.owner()
        row.reference("session_id", .assistantSessions, row.key)
        row.pick("title", ["PAM Conversation", "Trip planning", "Budget questions", "On the road"], null: 10)
        row.object("context", null: .bare) { json, draw in
            json.text("screen", draw.chance(50) ? "wheels" : "wins")
            json.text("intent", Words.intents[intent])
        }
        row.bool("is_active", row.key.first == 0, null: .bare)
        row.int("message_count", messages, null: .bare)
        row.moment("last_activity", begin + messages * Conversations.pause, null: .bare)
        row.moment("created_at", begin, null: .bare)
        row.moment("updated_at", begin + messages * Conversations.pause, null: .bare)
    }

    /// Their messages: question and answer in turn.
    static let pamMessages = SeedTable(
        "pam_messages", .uuid(), bytesPerRow: 270, Population(Conversations.count, Conversations.messages)
    ) { row in
        let number = row.key.second
        let person = Person(owning: row.key)
        let intent = Conversations.intent(row.key.upTo(1).below(number & ~1, step: 2))
        let isAnswer = number % 2 == 1
        row.id()
        row.reference("conversation_id", .conversations, row.key.upTo(1), null: .bare)
        row.text("role", number == 8 ? "system" : isAnswer ? "assistant" : "user")
        row.text("content", isAnswer ? Words.answers[intent] : Words.questions[intent])
        row.text("intent", Words.intents[intent], null: isAnswer ? 40 : .bare)
        row.decimal("confidence", in: 45...99, digits: 2, null: isAnswer ? 40 : .bare)
        row.object("entities", null: .bare) { json, draw in
            json.text("place", person.town(draw.below(5)).name)
        }
        row.object("metadata", null: .bare) { json, draw in json.int("tokens", draw.within(12...420)) }
        row.moment("created_at", Conversations.begin(row.key) + number * Conversations.pause, null: .bare)
    }
}

/// Conversations, as their messages see them.
enum Conversations: Sendable {
    private static let lengths = Stream("pam_conversations messages")
    private static let begins = Stream("pam_conversations created_at")
    private static let intents = Stream("pam_messages intent")
    /// Seconds from one message to the next.
    static let pause = 45

    static let count: Population.Count = { (Person.level($0.owner) + 2) / 3 }
    static let messages: Population.Count = { 2 + 2 * lengths($0.upTo(1)).below(5) }

    static func begin(_ key: RowKey) -> Moment {
        let draw = begins(key.upTo(1))
        return (Day.today - draw.within(1...240)).at(draw.again)
    }

    static func intent(_ key: RowKey) -> Int { intents(key).below(Words.intents.count) }
}
