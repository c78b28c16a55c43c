/// The name of one row from the name of a table: `user_trips` holds trips, a row is a trip.
enum Singular {
    /// Words that name one thing, or many things that belong together.
    private static let unchanged: Set<String> = [
        "settings", "preferences", "series", "species", "news", "statistics", "stats", "analytics", "status", "address",
        "details", "gps", "sms", "dns", "https",
    ]
    private static let irregular: [String: String] = [
        "people": "person", "children": "child", "men": "man", "women": "woman", "indices": "index", "data": "data",
        "media": "media", "movies": "movie", "cookies": "cookie", "caches": "cache", "leaves": "leaf", "lives": "life",
        "aliases": "alias", "statuses": "status", "buses": "bus",
    ]

    /// The words with the last one in the singular.
    static func words(_ words: [String]) -> [String] {
        guard let last = words.last else { return words }
        return words.dropLast() + [word(last)]
    }

    private static func word(_ word: String) -> String {
        if let known = irregular[word] { return known }
        if unchanged.contains(word) || !word.hasSuffix("s") || word.count < 4 { return word }
        for ending in ["ss", "us", "is"] where word.hasSuffix(ending) { return word }
        if word.hasSuffix("ies") { return word.dropLast(3) + "y" }
        for ending in ["sses", "shes", "ches", "xes", "zzes"] where word.hasSuffix(ending) {
            return String(word.dropLast(2))
        }
        return String(word.dropLast())
    }
}
