extension SeedTable {
    /// What each user pays for.
    static let userSubscriptions = SeedTable(
        "user_subscriptions", .uuid(), bytesPerRow: 410, Population { Person.level($0.owner) == 0 ? 0 : 1 }
    ) { row in
        let number = row.key.owner
        let person = Person(number)
        let status = Subscriptions.status(number)
        let pays = status != "trial"
        let trialEnd = Subscriptions.trialEnd(number)
        row.id()
        row.owner()
        row.text("plan_type", Subscriptions.plan(number), null: .bare)
        row.text("subscription_status", status, null: .bare)
        row.text("subscription_tier", status == "active" ? "premium" : "free", null: .bare)
        row.text("status", status == "active" || status == "trial" ? "active" : "inactive", null: .bare)
        row.text("stripe_customer_id", "cus_seed", number: number, digits: 8, null: pays ? .bare : 100)
        row.text("stripe_subscription_id", "sub_seed", number: number, digits: 8, null: pays ? .bare : 100)
        let days = Subscriptions.plan(number) == "annual" ? 365 : 30
        let period = status == "active" ? (Day.today - row.draw("period").below(days)).at(row.draw("at")) : trialEnd
        row.moment("current_period_start", period, null: pays ? 5 : 100)
        row.moment("current_period_end", period + days * 86_400, null: pays ? 5 : 100)
        row.moment("trial_ends_at", trialEnd, null: .bare)
        row.moment("subscription_started_at", ifAny: pays ? trialEnd : nil)
        row.moment(
            "subscription_ends_at", ifAny: status == "expired" || status == "cancelled" ? trialEnd + 90 * 86_400 : nil)
        row.bool("cancel_at_period_end", status == "cancelled", null: .bare)
        row.bool("video_course_access", percent: 20, null: .bare)
        row.moment("created_at", person.joinedAt, null: .bare)
        row.moment("updated_at", person.joinedAt + 86_400, null: .bare)
    }
}

/// Plans and states of subscriptions.
enum Subscriptions: Sendable {
    private static let plans = Stream("user_subscriptions plan")

    static func status(_ number: Int) -> String {
        ["trial", "active", "active", "expired", "cancelled"][plans(RowKey(number)).below(5)]
    }

    /// The end of the trial.
    ///
    /// Who is on trial still has some days, or is for the job that ends trials.
    static func trialEnd(_ number: Int) -> Moment {
        let draw = plans(RowKey(number)).again
        return status(number) == "trial"
            ? (Day.today + draw.within(-6...24)).at(draw.again) : Person(number).joinedAt + 30 * 86_400
    }

    static func plan(_ number: Int) -> String {
        if status(number) == "trial" { return "free_trial" }
        return plans(RowKey(number)).again.chance(60) ? "monthly" : "annual"
    }
}
