extension SeedTable {
    /// Clicks on affiliate links; of some nobody knows whose they were.
    static let affiliateProductClicks = SeedTable(
        "affiliate_product_clicks", .uuid(), bytesPerRow: 220, Population(Products.clickCount)
    ) { row in
        row.id()
        row.reference("product_id", .affiliateProducts, Products.product(of: row.key), null: .bare)
        row.owner(null: 15)
        row.moment("clicked_at", (Day.today - row.draw("day").within(0...120)).at(row.draw("at")), null: .bare)
        row.address("ip_address", null: 10)
        row.text("user_agent", row.draw("device").pick(Words.devices), " browser", null: 10)
        row.pick("referrer", ["shop", "pam", "newsletter"], null: 25)
        row.object("metadata", null: 60) { json, draw in json.int("position", draw.within(1...20)) }
    }

    /// Sales that a provider credited.
    static let affiliateSales = SeedTable(
        "affiliate_sales", .uuid(), bytesPerRow: 320, Population { (Person.level($0.owner) + 3) / 6 }
    ) { row in
        let product = Products(Products.product(of: row.key))
        let moment = (Day.today - row.draw("day").within(0...110)).at(row.draw("at"))
        row.id()
        row.owner(null: 10)
        row.text("product_id", "B05EED", number: product.number, digits: 4)
        row.text("product_name", product.item, product.variant, null: 10)
        row.text("vendor_name", product.provider, null: 10)
        row.cents("sale_amount", product.price)
        row.decimal("commission_rate", 450, digits: 4)
        row.cents("commission_amount", (product.price * 45 + 500) / 1_000)
        row.turn("payout_status", ["pending", "paid", "paid", "rejected"], null: .bare)
        row.moment("sale_date", moment, null: .bare)
        row.moment("created_at", moment, null: .bare)
        row.moment("updated_at", moment, null: .bare)
    }
}
