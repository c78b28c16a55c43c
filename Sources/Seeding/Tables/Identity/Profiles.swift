extension SeedTable {
    /// Who each user is, how they travel and where they are.
    static let profiles = SeedTable("profiles", .account("id"), bytesPerRow: 900, .eachUser) { row in
        let person = Person(row.key.owner)
        let number = person.number
        let partner = row.draw("partner")
        let hasPartner = partner.chance(45)
        row.owner("id")
        row.email("email", of: number, null: .bare)
        row.text("full_name", person.givenName, " ", person.surname, null: .bare)
        row.text("nickname", person.givenName, number: number % 100, null: 30)
        row.text("profile_image_url", "https://images.seed.example/people/", number: number, null: 40)
        row.text("partner_name", ifAny: hasPartner ? partner.again.pick(Names.given) : nil)
        row.text("partner_email", ifAny: hasPartner && partner.again.chance(60) ? "partner@seed.example" : nil)
        row.text("partner_profile_image_url", "https://images.seed.example/people/partner/", number: number, null: 80)
        row.pick("vehicle_type", Words.vehicleTypes, null: 10)
        row.pick("vehicle_make_model", Vehicles.models, null: 15)
        row.pick("fuel_type", Words.drivenBy, null: 10)
        row.pick("towing", ["small car", "boat", "caravan", "nothing"], null: 50)
        row.pick("second_vehicle", ["motorbike", "two bicycles", "small car"], null: 70)
        row.pick("max_driving", Words.drivingLimits, null: 15)
        row.pick("camp_types", Words.campTypes, null: 15)
        row.pick("accessibility", ["none", "step-free", "wide doors"], null: 60)
        row.pick("pets", ["dog", "cat", "two dogs", "none"], null: 30)
        row.some("accessibility_needs", of: ["wheelchair", "hearing", "low vision"], null: 80)
        row.some("travel_style", of: Words.travelStyles, null: 10)
        row.some("interests", of: Words.interests, null: 10)
        row.pick("budget_range", Words.budgets, null: 15)
        row.pick("gender_identity", ["woman", "man", "non-binary", "custom"], null: 40)
        row.text("gender_custom", "two-spirit", null: 90)
        row.pick("pronouns", ["she/her", "he/him", "they/them"], null: 50)
        row.text("pronouns_custom", "ze/hir", null: 90)
        row.object("content_preferences", null: .bare) { json, draw in
            json.bool("show_personalized_safety", draw.chance(30))
            json.bool("show_personalized_community", draw.again.chance(40))
            json.bool("share_gender_with_groups", false)
        }
        row.object("preferences", null: 30) { json, draw in
            json.bool("dark_mode", draw.chance(40))
            json.text("home_page", draw.again.chance(50) ? "wheels" : "wins")
        }
        row.object("emergency_contact", null: 60) { json, draw in
            json.text("name", draw.pick(Names.given))
            json.text("relation", draw.chance(50) ? "sibling" : "friend")
        }
        row.object("medical_info", null: 75) { json, draw in
            json.list("allergies", [draw.chance(50) ? "bee stings" : "peanuts"])
        }
        let here = person.town(row.draw("here").below(4)).spot.near(row.draw("near"))
        let there = person.town(4).spot
        row.decimal("current_latitude", here.latitude, digits: 6, null: 20)
        row.decimal("current_longitude", here.longitude, digits: 6, null: 20)
        row.decimal("destination_latitude", there.latitude, digits: 6, null: 40)
        row.decimal("destination_longitude", there.longitude, digits: 6, null: 40)
        row.int("travel_radius_miles", 50 * row.draw("radius").within(1...10), null: 20)
        row.text("region", person.region.name, null: .bare)
        row.text("language", Profiles.language(number), null: .bare)
        row.text("role", Profiles.role(number), null: .bare)
        row.text("status", Profiles.status(number), null: .bare)
        row.moment("last_active", ifAny: AuthUsers.lastSignIn(number).map { $0 + 1_800 })
        let trialEnd = Subscriptions.trialEnd(number).day
        row.day("trial_end_date", trialEnd, null: .bare)
        row.bool("trial_notification_sent", trialEnd - 7 < Day.today, null: 10)
        row.bool("subscription_cancelled", Subscriptions.status(number) == "cancelled", null: .bare)
        row.text("cancellation_token", "seed-cancel-", number: number, digits: 6, null: 85)
        row.moment("created_at", person.joinedAt, null: .bare)
        row.moment("updated_at", person.joinedAt + 86_400, null: .bare)
    }
}

/// Labels of profiles; none of them gives a right.
enum Profiles: Sendable {
    static func role(_ number: Int) -> String {
        switch number {
        case Cast.administrator: "admin"
        case 10, 11: "moderator"
        default: "user"
        }
    }

    static func status(_ number: Int) -> String {
        switch number {
        case Cast.banned: "suspended"
        case 12, 13: "pending"
        default: "active"
        }
    }

    static func language(_ number: Int) -> String { number % 9 == 0 ? "es" : number % 13 == 0 ? "fr" : "en" }
}
