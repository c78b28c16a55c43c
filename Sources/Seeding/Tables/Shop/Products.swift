/// A product, as its clicks and sales see it.
struct Products: Sendable {
    let key: RowKey

    init(_ key: RowKey) { self.key = key.upTo(1) }

    private static let prices = Stream("affiliate_products price")
    private static let clickDraws = Stream("affiliate_product_clicks product_id")
    private static let ofImport = 81
    private static let ofStep = 9

    static let count: Population.Count = {
        $0.owner == 0 ? ofImport : SeedScale.opensStep($0.owner) ? ofStep : 0
    }

    /// A number of its own among all products.
    var number: Int {
        key.owner == 0
            ? key.first : Products.ofImport + (SeedScale.step(of: key.owner) - 1) * Products.ofStep + key.first
    }

    /// The product that a user's click or sale is about: one that came with the same step, so that a larger scale
    /// leaves the counters of a smaller one alone.
    static func product(of key: RowKey) -> RowKey {
        let draw = clickDraws(key.upTo(1))
        let step = SeedScale.step(of: key.owner)
        guard step > 0 else { return RowKey(0, min(draw.below(ofImport), draw.again.below(ofImport))) }
        return RowKey(step * SeedScale.usersPerStep + 1, draw.below(ofStep))
    }

    /// How many clicks a user has made.
    static let clickCount: Population.Count = { (Person.level($0.owner) * 2 + 2) / 3 }

    /// The clicks of everybody who came with the product's step.
    var clicks: Int {
        let first = SeedScale.step(of: key.owner) * SeedScale.usersPerStep + 1
        return (first..<(first + SeedScale.usersPerStep)).reduce(0) { sum, user in
            let owner = RowKey(user)
            return sum
                + (0..<Products.clickCount(owner)).count { click in
                    user != Cast.bare && Products.product(of: owner.below(click, step: 1)) == key
                }
        }
    }

    /// The price by the cube of an even draw: many small ones, a median near 45, from 7.59 to 292.79.
    var price: Int {
        let draw = Products.prices(key).below(1_000)
        return 759 + 28_520 * (draw * draw * draw / 1_000_000) / 1_000
    }

    var currency: String { number % 6 == 5 ? "USD" : "AUD" }
    var provider: String { ["amazon", "amazon", "amazon", "ebay", "amazon", "custom"][number % 6] }
    var variant: String { ["", " Pro", " Compact", " Kit"][number / 8 % 4] }
    var item: String { shelf.items[number % shelf.items.count] }
    var category: String { shelf.category }

    private var shelf: (category: String, last: Int, items: [String]) {
        let place = number % Products.ofImport
        return Products.shelves.first { place < $0.last } ?? Products.shelves[0]
    }

    /// The categories of the import: 29, 14, 12, 12, 7, 4, 2 and 1 of 81.
    private static let shelves: [(category: String, last: Int, items: [String])] = [
        (
            "camping_expedition", 29,
            [
                "Camp Chair", "Roof Tent", "Head Torch", "Camp Oven", "Sleeping Mat", "Water Bag 20 L", "Fly Screen",
                "Esky",
            ]
        ),
        ("recovery_gear", 43, ["Recovery Boards", "Snatch Strap", "Soft Shackle", "Tyre Deflator", "Winch 12,000 lb"]),
        ("parts_upgrades", 55, ["LED Light Bar", "Dual Battery Kit", "Snorkel", "Long Range Tank", "Shock Absorber"]),
        ("outdoor_gear", 67, ["Hiking Pole", "Dry Bag", "Kayak Paddle", "Binoculars"]),
        ("tools_maintenance", 74, ["Tyre Repair Set", "Torque Wrench", "Grease Gun"]),
        ("electronics", 78, ["UHF Radio", "Satellite Messenger", "Dash Camera"]),
        ("apparel_merchandise", 80, ["Wide-brim Hat", "Rain Jacket"]),
        ("books_manuals", 81, ["Camps Atlas"]),
    ]
}
