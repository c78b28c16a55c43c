extension SeedTable {
    /// What PAM keeps about users; a few have an embedding, which is as large as forty other rows.
    static let memories = SeedTable("memories", .uuid(), bytesPerRow: 770, Population { Person.level($0.owner) }) {
        row in
        let moment = (Day.today - row.draw("day").within(1...300)).at(row.draw("at"))
        let fact = row.draw("fact").pick(Memories.facts)
        row.id()
        row.owner()
        row.text("content", fact)
        row.turn("memory_type", ["fact", "preference", "pattern", "instruction", "correction"])
        row.embedding("embedding", count: 1_536, null: 94)
        row.decimal("importance_score", in: 1...99, digits: 2, null: .bare)
        row.int("access_count", in: 0...40, null: .bare)
        row.moment("last_accessed_at", moment + 9 * 86_400, null: 40)
        row.moment("expires_at", moment + 365 * 86_400, null: 60)
        row.reference("source_session_id", .assistantSessions, RowKey(row.key.owner, row.key.first / 4), null: 30)
        row.bool("is_active", percent: 88, null: .bare)
        row.moment("created_at", moment, null: .bare)
        row.moment("updated_at", moment, null: .bare)
    }
}

/// Things to remember.
private enum Memories: Sendable {
    static let facts = [
        "Prefers free camps with phone reception", "Drives no more than four hours a day", "Travels with a dog",
        "Is vegetarian", "The van is 6.4 m long", "Pays in Australian dollars", "Wants short answers while driving",
        "Sister lives in Hobart", "Dislikes gravel roads in the rain",
    ]
}
