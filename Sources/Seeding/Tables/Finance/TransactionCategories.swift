extension SeedTable {
    /// The shared tree of categories: nine of the system, those below them, and one that leaves everything out.
    static let transactionCategories = SeedTable(
        "transaction_categories", .number(), bytesPerRow: 330, sharedKey: "name",
        Population { $0.owner == 0 ? Categories.all.count : 0 }
    ) { row in
        let category = Categories.all[row.key.first]
        let created = Day(year: 2025, month: 1, day: 1).at(0)
        row.number()
        row.text("name", category.name)
        row.text("display_name", category.display)
        row.text("color", category.color, null: .bare)
        row.text("icon", category.icon, null: .bare)
        row.reference(number: "parent_category_id", category.parent.map { RowKey(0, $0) }, null: .bare)
        row.bool("is_system", category.parent == nil, null: .bare)
        row.bool("is_income_category", (7...9).contains(category.parent ?? row.key.first), null: .bare)
        row.int("sort_order", row.key.first, null: .bare)
        row.text("description", category.display, " and what belongs to it", null: 40)
        row.list("keywords", category.keywords, null: category.keywords.isEmpty ? 100 : .bare)
        row.moment("created_at", created, null: .bare)
        row.moment("updated_at", created, null: .bare)
    }
}

/// The tree of categories; a parent comes before what is below it.
///
/// Number 6 is the bare one.
private struct Categories: Sendable {
    let name: String
    let display: String
    let color: String
    let icon: String
    let parent: Int?
    let keywords: [String]

    init(
        _ name: String, _ display: String, _ color: String, _ icon: String, _ parent: Int? = nil,
        _ keywords: [String] = []
    ) {
        self.name = name
        self.display = display
        self.color = color
        self.icon = icon
        self.parent = parent
        self.keywords = keywords
    }

    static let all = [
        Categories(
            "transportation", "Transportation", "#EF4444", "car", nil, ["fuel", "toll", "parking", "petrol", "diesel"]),
        Categories(
            "accommodation", "Accommodation", "#F59E0B", "bed", nil, ["camp", "caravan park", "hotel", "cabin"]),
        Categories("food", "Food", "#10B981", "utensils", nil, ["groceries", "restaurant", "coffee", "bakery"]),
        Categories("entertainment", "Entertainment", "#8B5CF6", "ticket", nil, ["tour", "museum", "cinema", "park"]),
        Categories("shopping", "Shopping", "#EC4899", "bag", nil, ["store", "hardware", "clothing", "gear"]),
        Categories("utilities", "Utilities", "#6366F1", "plug", nil, ["phone", "internet", "gas bottle", "power"]),
        Categories("uncategorised", "Uncategorised", "", ""),
        Categories("salary", "Salary", "#059669", "briefcase", nil, ["wages", "payroll", "salary", "pension"]),
        Categories("freelance", "Freelance", "#0891B2", "laptop", nil, ["invoice", "contract", "gig", "consulting"]),
        Categories("investment", "Investment", "#DC2626", "chart", nil, ["dividend", "interest", "rent", "shares"]),
        Categories("gas_and_fuel", "Gas & Fuel", "#EF4444", "fuel", 0, ["servo", "bowser"]),
        Categories("maintenance", "Maintenance", "#EF4444", "wrench", 0, ["service", "tyres"]),
        Categories("insurance", "Insurance", "#EF4444", "shield", 0, ["premium"]),
        Categories("rv_and_camping", "RV & Camping", "#F59E0B", "tent", 1, ["powered site"]),
        Categories("groceries", "Groceries", "#10B981", "cart", 2, ["supermarket"]),
        Categories("dining", "Food & Dining", "#10B981", "utensils", 2, ["cafe", "pub"]),
        Categories("travel", "Travel", "#8B5CF6", "map", 3, ["ferry"]),
        Categories("healthcare", "Healthcare", "#6366F1", "heart", 5, ["pharmacy"]),
        Categories("education", "Education", "#6366F1", "book", 5),
        Categories("bills", "Bills & Utilities", "#6366F1", "plug", 5, ["direct debit"]),
        Categories("other", "Other", "#6366F1", "folder"),
    ]
}
