/// A template, as its ratings see it.
struct Templates: Sendable {
    let key: RowKey

    init(_ key: RowKey) { self.key = key.upTo(1) }

    static let counters: [SeedTable.Counter] = {
        let ratings = "from public.trip_template_ratings r where r.template_id = t.id)"
        return [
            .init(
                column: "average_rating",
                expression: "(select pg_catalog.round(pg_catalog.avg(r.rating), 1) \(ratings)"),
            .init(column: "total_ratings", expression: "(select pg_catalog.count(*) \(ratings)"),
        ]
    }()

    private static let shapes = Stream("trip_templates shape")
    static let raters = Stream("trip_template_ratings user_id")
    private static let starDraws = Stream("trip_template_ratings rating")

    private struct Known {
        let title: String
        let category: String
        let difficulty: String
        let days: Int
        let miles: Int
        let budget: Int
        let state: String

        init(
            _ title: String, _ category: String, _ difficulty: String, _ days: Int, _ miles: Int, _ budget: Int,
            _ state: String
        ) {
            self.title = title
            self.category = category
            self.difficulty = difficulty
            self.days = days
            self.miles = miles
            self.budget = budget
            self.state = state
        }
    }

    /// The ten templates of the system.
    private static let known = [
        Known("Great Ocean Road Classic", "coastal_routes", "beginner", 7, 400, 1_200, "Victoria"),
        Known("The Big Lap", "epic_journeys", "advanced", 365, 9_300, 50_000, "Australia"),
        Known("Pacific Coast Explorer", "coastal_routes", "beginner", 10, 620, 2_400, "New South Wales"),
        Known("Red Centre Explorer", "outback_adventures", "intermediate", 12, 1_100, 3_600, "Northern Territory"),
        Known(
            "Stuart Highway Darwin to Adelaide", "outback_adventures", "intermediate", 14, 1_880, 4_200,
            "Northern Territory"),
        Known("Tasmania Island Circuit", "island_adventures", "beginner", 10, 750, 2_600, "Tasmania"),
        Known("WA Coast Perth to Broome", "coastal_routes", "intermediate", 18, 1_500, 5_400, "Western Australia"),
        Known("Nullarbor Plain Crossing", "outback_adventures", "intermediate", 6, 1_050, 1_900, "South Australia"),
        Known("Queensland Outback Explorer", "outback_adventures", "advanced", 16, 1_700, 4_800, "Queensland"),
        Known("Blue Mountains and Wine Country", "epic_journeys", "beginner", 5, 350, 1_500, "New South Wales"),
    ]

    static let count: Population.Count = { $0.owner == 0 ? known.count : (Person.level($0.owner) + 2) / 6 }

    /// How many ratings a template has: of the system's bare one none, fewer of those that users wrote.
    static let ratings: Population.Count = { key in
        if key.owner == Cast.bare { return 3 }
        if Cast.isBare(key) { return 0 }
        let most = key.owner == 0 ? 14 : 6
        return min(raters(key.upTo(1)).again.below(most), Person.choice(with: key.owner))
    }

    static func stars(_ key: RowKey) -> Int {
        let draw = starDraws(key)
        return max(1 + draw.below(5), 1 + draw.again.below(5))
    }

    private var system: Known? { key.owner == 0 ? Templates.known[key.first] : nil }
    private var home: Town { Region.australia.towns[Templates.shapes(key).below(25)] }
    var title: String { system?.title ?? Templates.userTitles[Templates.shapes(key).again.below(8)] }
    var state: String { system?.state ?? home.state }
    var category: String { system?.category ?? ["coastal_routes", "outback_adventures", "general"][key.first % 3] }
    var difficulty: String { system?.difficulty ?? ["beginner", "intermediate", "advanced"][key.first % 3] }
    var days: Int { system?.days ?? Templates.shapes(key).within(2...21) }
    var miles: Int { system?.miles ?? days * 95 }
    var budget: Int { system?.budget ?? days * 180 }
    var isPublic: Bool { key.owner == 0 || Templates.shapes(key).chance(60) }
    var status: String {
        key.owner == 0 ? "published" : ["published", "draft", "published", "archived"][(key.owner + key.first) % 4]
    }
    var created: Moment { (Day.today - Templates.shapes(key).within(120...500)).at(Templates.shapes(key).again) }

    /// How many ratings count: those of the user who leaves everything out name no template.
    var ratings: Int { key.owner == Cast.bare ? 0 : Templates.ratings(key) }

    /// The mean of the ratings in tenths, rounded as PostgreSQL rounds.
    var average: Int {
        guard ratings > 0 else { return 0 }
        let sum = (0..<ratings).reduce(0) { $0 + Templates.stars(key.below($1, step: 2)) }
        return (sum * 20 + ratings) / (ratings * 2)
    }

    private static let userTitles = [
        "Weekend on the coast", "School holidays up north", "Three rivers loop", "Slow road to the reef",
        "Gorges and waterholes", "Lighthouses of the south", "Winter in the tropics", "Wine and cheese week",
    ]
}
