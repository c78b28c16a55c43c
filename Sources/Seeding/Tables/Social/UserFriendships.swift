extension SeedTable {
    /// Requests from one user to another; each goes to somebody who was there before, so no pair occurs twice.
    static let userFriendships = SeedTable(
        "user_friendships", .uuid(), bytesPerRow: 260,
        Population { min((Person.level($0.owner) + 3) / 4, max(0, $0.owner - 2)) }
    ) { row in
        // Users before the requester, without the one with nothing.
        let owner = row.key.owner
        let others = owner > Cast.withNothing ? owner - 2 : owner - 1
        let number = 1 + (owner * 7 + row.key.first) % max(1, others)
        let moment = (Day.today - row.draw("day").within(5...300)).at(row.draw("at"))
        row.id()
        row.owner("requester_id", null: .bare)
        row.reference("addressee_id", .users, RowKey(number >= Cast.withNothing ? number + 1 : number), null: .bare)
        row.turn("status", ["accepted", "pending", "accepted", "declined", "accepted", "blocked"], null: .bare)
        row.moment("created_at", moment, null: .bare)
        row.moment("updated_at", moment + 86_400, null: .bare)
    }
}
