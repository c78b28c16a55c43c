extension SeedTable {
    /// Money that a recommendation saved: what was paid is what it would have cost less the saving.
    static let pamSavingsEvents = SeedTable(
        "pam_savings_events", .number(), bytesPerRow: 380, Population { (Person.level($0.owner) + 1) / 2 }
    ) { row in
        let baseline = row.draw("baseline").within(4_000...40_000)
        let saved = baseline * row.draw("saved").within(3...35) / 100
        let day = Day.today - row.draw("day").within(0...270)
        row.number()
        row.owner()
        row.pick("event_type", ["gas", "campground", "route", "savings_achieved", "recommendation_followed", "other"])
        row.cents("amount", saved, null: .bare)
        row.turn("savings_type", Savings.types, null: .bare)
        row.cents("predicted_savings", saved * row.draw("guess").within(70...130) / 100, null: 10)
        row.cents("actual_savings", saved, null: .bare)
        row.cents("baseline_cost", baseline, null: .bare)
        row.cents("optimized_cost", baseline - saved, null: .bare)
        row.reference("recommendation_id", .assistantSessions, RowKey(row.key.owner, row.key.first, 1), null: 40)
        row.text(
            "savings_description", "Cheaper than planned near ", Person(owning: row.key).town(row.key.first).name,
            null: 20)
        row.text("description", "Followed a hint of PAM", null: 40)
        row.pick("category", ["fuel", "lodging", "food", "maintenance"], null: 15)
        row.turn("verification_method", Savings.proofs, null: .bare)
        row.decimal("confidence_score", in: 40...99, digits: 2, null: 10)
        row.point("location", Person(owning: row.key).town(row.key.first).spot.near(row.draw("where")), null: 40)
        row.day("saved_date", day)
        row.object("metadata", null: 40) { json, draw in json.int("options_compared", draw.within(2...9)) }
        row.moment("created_at", day.at(row.draw("at")), null: .bare)
        row.moment("updated_at", day.at(row.draw("at")), null: .bare)
    }
}

/// Kinds of savings and of their proof.
private enum Savings: Sendable {
    static let types = [
        "fuel_optimization", "camping_alternative", "route_optimization", "budget_reallocation", "price_comparison",
        "timing_optimization", "maintenance_prevention", "group_booking_discount",
    ]
    static let proofs = [
        "expense_comparison", "receipt_analysis", "user_confirmation", "automatic_detection", "price_api_verification",
    ]
}
