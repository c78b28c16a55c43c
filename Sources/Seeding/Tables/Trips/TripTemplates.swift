extension SeedTable {
    /// Trips to copy: the ten of the system, and those that users wrote.
    static let tripTemplates = SeedTable(
        "trip_templates", .uuid(), bytesPerRow: 2_400, counters: Templates.counters, Population(Templates.count)
    ) { row in
        let template = Templates(row.key)
        let ratings = template.ratings
        let number = row.key.first
        row.id()
        row.owner(null: .bare)
        row.text("name", template.title)
        row.text("description", "A trip around ", template.state, null: .bare)
        row.object("template_data") { json, draw in
            json.text("title", template.title)
            json.text("description", "A trip around ", template.state)
            json.text("difficulty", template.difficulty)
            json.int("duration_days", template.days)
            json.int("distance_miles", template.miles)
            json.int("estimated_budget", template.budget)
            json.text("currency", "AUD")
            json.list("highlights", [template.state, "back roads", "lookouts"])
            json.text("route_type", draw.chance(50) ? "loop" : "one_way")
            json.list("vehicle_requirements", [template.difficulty == "advanced" ? "4WD" : "any"])
            json.text("best_season", draw.pick(["autumn", "winter", "spring", "summer"]))
            json.list("key_locations", [Region.australia.towns[number % 25].name])
            json.list("challenges", ["long distances", "few fuel stops"])
            json.list("tips", ["Fill up before the long stretch", "Book ahead in school holidays"])
            json.text("region", template.state)
        }
        row.text("category", template.category)
        row.bool("is_public", template.isPublic)
        row.some("tags", of: ["coast", "outback", "family", "4wd", "free-camping"])
        row.int("usage_count", in: 0...240)
        row.decimal("average_rating", template.average, digits: 1, null: ratings == 0 ? 100 : .never)
        row.int("total_ratings", ratings, null: .bare)
        row.text("status", template.status, null: .bare)
        row.bool("is_featured", row.key.owner == 0 && row.key.first < 3, null: .bare)
        row.bool("is_free", percent: 80, null: .bare)
        row.text("template_type", row.key.owner == 0 ? "system" : "user", null: .bare)
        row.text("difficulty_level", template.difficulty, null: .bare)
        row.int("estimated_duration", template.days, null: .bare)
        row.pick("camping_type", Words.campTypes, null: 25)
        row.text("country", "Australia", null: 10)
        row.text("data_source", row.key.owner == 0 ? "curated" : "user", null: 20)
        row.text("source_id", "seed-", number: row.key.first, digits: 4, null: 60)
        row.object("amenities", null: 50) { json, draw in
            json.bool("dump_points", draw.chance(50))
            json.bool("showers", draw.again.chance(70))
        }
        row.json("media_urls", #"["https://images.seed.example/trips/1.jpg"]"#, null: 50)
        row.object("waypoints", null: 30) { json, _ in
            json.line("coordinates", (0..<4).map { Region.australia.towns[(number + $0) % 25].spot })
        }
        row.moment("collected_at", (Day.today - 200).at(row.draw("collected")), null: 50)
        row.moment("created_at", template.created)
        row.moment("updated_at", template.created + 86_400)
    }

    /// One to five stars that users gave templates.
    static let tripTemplateRatings = SeedTable(
        "trip_template_ratings", .uuid(), bytesPerRow: 280, Population(Templates.count, Templates.ratings)
    ) { row in
        let rater = Person.distinct(row.key.second, Templates.raters(row.key.upTo(1)), with: row.key.owner)
        let moment = Templates(row.key).created + 86_400 * row.draw("days later").within(2...90)
        row.id()
        row.reference("template_id", .tripTemplates, row.key.upTo(1), null: .bare)
        row.reference("user_id", .users, RowKey(rater))
        row.int("rating", Templates.stars(row.key))
        row.moment("created_at", moment, null: 5)
        row.moment("updated_at", moment, null: 5)
    }
}
