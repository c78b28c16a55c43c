/// The words of the application's own lists.
enum Words: Sendable {
    /// An expense category with the usual amounts in hundredths.
    typealias Spending = (name: String, low: Int, high: Int)

    /// The forty expense categories, the most frequent first.
    static let spending: [Spending] = [
        ("Fuel", 7_500, 11_000), ("Groceries", 2_500, 18_000), ("Campgrounds", 2_000, 5_500), ("Coffee", 400, 1_500),
        ("Restaurants", 2_500, 12_000), ("Snacks", 300, 2_000), ("RV Parks", 3_000, 7_000),
        ("Attractions", 1_000, 8_000), ("Propane", 2_500, 4_500), ("Laundry", 400, 1_600), ("Supplies", 800, 9_000),
        ("Parking", 200, 2_500), ("Toll", 300, 1_800), ("Maintenance", 5_000, 15_000), ("Phone", 2_000, 6_000),
        ("WiFi", 500, 3_000), ("Pharmacy", 800, 6_000), ("Boondocking", 0, 1_000), ("Tours", 4_000, 25_000),
        ("Activities", 1_500, 12_000), ("Entertainment", 1_000, 6_000), ("Souvenirs", 800, 6_000),
        ("Oil Change", 8_000, 19_000), ("Repairs", 9_000, 90_000), ("Parts", 2_000, 35_000),
        ("Tires", 18_000, 110_000), ("RV Gear", 2_000, 40_000), ("Tools", 1_200, 18_000),
        ("Electronics", 3_000, 60_000), ("Safety", 1_500, 14_000), ("Comfort", 1_500, 16_000),
        ("Hotels", 9_000, 24_000), ("Dump Station", 0, 1_500), ("Medical", 4_000, 22_000),
        ("Personal Care", 800, 5_500), ("Clothing", 2_000, 18_000), ("Insurance", 6_000, 24_000),
        ("Miscellaneous", 500, 8_000), ("Emergency", 6_000, 70_000), ("Other", 500, 6_000),
    ]

    static let vehicleTypes = [
        "caravan", "camper_trailer", "pop_top", "fifth_wheeler", "tent", "Unimog", "Sprinter Van", "Class A", "Class B",
        "Class C",
    ]
    static let drivenBy = ["Diesel", "Petrol", "Electric", "LPG"]
    static let drivingLimits = ["200 km", "400 km", "600 km", "800 km", "unlimited"]
    static let travelStyles = [
        "Solo traveler", "Open to companions", "Traveling with partner", "Traveling with family", "Prefer privacy",
    ]
    static let interests = [
        "hiking", "fishing", "photography", "cycling", "rv-repair", "cooking", "kayaking", "birdwatching", "stargazing",
        "rockhounding", "veterans",
    ]
    static let budgets = ["budget", "balanced", "comfort", "luxury"]
    static let campTypes = ["beachfront", "free_camp", "caravan_park", "national_park", "farm_stay"]
    static let payments = ["card", "cash", "debit", "paypal"]
    static let devices = ["iOS", "Android", "Windows", "macOS", "Linux"]
    static let browsers = ["Safari", "Chrome", "Firefox", "Edge"]
    static let intents = [
        "add_expense", "plan_trip", "find_campground", "fuel_price", "weather", "budget_status", "maintenance_due",
        "small_talk",
    ]
    /// What people ask PAM, by intent.
    static let questions = [
        "I spent 84 at the servo today", "Plan a week along the coast for us", "Where can we camp tonight for free?",
        "Who has the cheapest diesel on the way?", "Will it rain on Saturday?", "How is our budget this month?",
        "When is the next oil change due?", "Good morning PAM",
    ]
    /// What PAM answers, by intent.
    static let answers = [
        "Saved: 84.00 under Fuel.", "Here is a route with six stops and short drives.",
        "There are three free camps within 40 km; the first one has toilets.",
        "The next town is four cents cheaper than here.", "Light showers in the morning, clear after lunch.",
        "You have used 62 percent with nine days to go.", "In about 1,200 km; shall I put it in the calendar?",
        "Good morning! The road is dry and you have nothing booked.",
    ]
    static let postTexts = [
        "Made it over the range, the van pulled like a champion.",
        "Free camp by the river, nobody around but pelicans.",
        "Anyone know a good mechanic near here? The water pump is loud.", "Sunset tonight was worth the corrugations.",
        "Tip: fill up before the long stretch, the next pump is 240 km away.",
        "First trip with the new solar setup. Two days off grid and still 80 percent.",
        "Looking for company on the track next month.", "The bakery in town sells the best pies of the whole trip.",
    ]
    static let commentTexts = [
        "Great spot, thanks!", "We were there last week, still good.", "How was the road in?",
        "Adding this to our plan.",
        "Mind the gate, it sticks.", "Safe travels!", "Is there phone reception?",
    ]
}
