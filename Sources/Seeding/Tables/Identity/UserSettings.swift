extension SeedTable {
    /// The switches of the settings page.
    static let userSettings = SeedTable("user_settings", .account("user_id"), bytesPerRow: 920, .eachUser) { row in
        let person = Person(row.key.owner)
        let region = person.region
        row.owner()
        row.object("notification_preferences", null: .bare) { json, draw in
            json.bool("email_notifications", draw.chance(85))
            json.bool("push_notifications", draw.again.chance(75))
            json.bool("marketing_emails", draw.again.chance(20))
            json.bool("trip_reminders", true)
            json.bool("maintenance_alerts", draw.chance(90))
            json.bool("weather_warnings", true)
        }
        row.object("privacy_preferences", null: .bare) { json, draw in
            json.text("profile_visibility", draw.pick(["private", "private", "friends", "public"]))
            json.bool("location_sharing", draw.again.chance(25))
            json.bool("activity_tracking", draw.again.chance(30))
            json.bool("data_collection", false)
        }
        row.object("display_preferences", null: .bare) { json, draw in
            json.text("theme", draw.pick(["system", "light", "dark"]))
            json.text("font_size", draw.again.pick(["medium", "medium", "large"]))
            json.text("language", Profiles.language(person.number))
            json.bool("high_contrast", draw.chance(5))
            json.bool("reduced_motion", draw.again.chance(5))
        }
        row.object("regional_preferences", null: .bare) { json, _ in
            json.text("currency", region.currency)
            json.text("units", region.usesMiles ? "imperial" : "metric")
            json.text("timezone", region.timezone)
            json.text("date_format", region.dateFormat)
        }
        row.object("pam_preferences", null: .bare) { json, draw in
            json.bool("voice_enabled", draw.chance(60))
            json.bool("proactive_suggestions", draw.again.chance(80))
            json.text("response_style", draw.pick(["balanced", "brief", "detailed"]))
            json.text("expertise_level", draw.again.pick(["beginner", "intermediate", "advanced"]))
            json.bool("knowledge_sources", true)
        }
        row.object("integration_preferences", null: .bare) { json, draw in
            json.bool("shop_travel_integration", draw.chance(90))
            json.bool("auto_add_purchases_to_storage", draw.again.chance(10))
        }
        row.object("location_preferences", null: 60) { json, draw in
            json.text("home_town", person.town(0).name)
            json.int("radius_km", 25 * draw.within(1...8))
        }
        row.moment("created_at", person.joinedAt, null: .bare)
        row.moment("updated_at", person.joinedAt + 172_800, null: .bare)
    }
}
