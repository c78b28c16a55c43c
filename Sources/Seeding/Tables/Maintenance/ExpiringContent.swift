extension SeedTable {
    /// Answers of PAM as sound, short ones; every third has expired.
    static let audioCache = SeedTable(
        "audio_cache", .uuid(), bytesPerRow: 600, Population { $0.owner == 0 || SeedScale.opensStep($0.owner) ? 24 : 0 }
    ) { row in
        let created = (Day.today - 5).at(row.draw("created"))
        let number = row.key.owner * RowKey.fanOut + row.key.first
        row.id()
        row.text("cache_key", "seed", number: number, digits: 18)
        row.pick("voice", ["amber", "coral", "slate"], null: 10)
        row.pick("language", ["en", "es", "fr"], null: .bare)
        row.text("audio_format", "mp3")
        row.text("audio_base64", Audio.silence, Audio.silence, Audio.silence)
        row.int("duration_ms", in: 400...9_000, null: 10)
        row.int("hit_count", in: 0...30)
        row.moment("last_accessed_at", created + 86_400, null: 20)
        row.moment("created_at", created, null: .bare)
        row.moment(
            "expires_at", row.key.first % 3 == 0 ? created + 7 * 86_400 : Day(year: 2_036, month: 1, day: 1).at(0))
    }

    /// What PAM recommends to users; some are over, some stay until they are removed.
    static let activeRecommendations = SeedTable(
        "active_recommendations", .uuid(), bytesPerRow: 340, Population { (Person.level($0.owner) + 3) / 4 }
    ) { row in
        let created = (Day.today - row.draw("day").within(1...40)).at(row.draw("at"))
        let kind = row.draw("kind").below(3)
        row.id()
        row.owner()
        row.text("recommendation_type", ["fuel", "camping", "budget"][kind])
        row.text("title", ["Fill up before the next leg", "A quieter camp nearby", "Groceries are over budget"][kind])
        row.object("content") { json, draw in json.decimal("saves", draw.within(200...6_000), digits: 2) }
        row.turn("priority", ["low", "medium", "high"])
        row.turn("status", ["active", "active", "accepted", "dismissed"])
        row.moment("created_at", created, null: .bare)
        row.moment("updated_at", created, null: .bare)
        row.moment("expires_at", created + 14 * 86_400, null: 30)
    }
}

/// A sound in base 64: the header of an MP3 frame and silence.
private enum Audio: Sendable {
    static let silence = "SUQzBAAAAAAAI1RTU0UAAAAPAAADTGF2ZjU4Ljc2LjEwMAAAAAAAAAAAAAAA//tAwAAAAAAAAAAAAAAAAAAAAAAASW5m"
}
