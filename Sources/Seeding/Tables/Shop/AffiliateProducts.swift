extension SeedTable {
    /// Products of other shops: the 81 of the import, and nine more with each step of the scale.
    static let affiliateProducts = SeedTable(
        "affiliate_products", .uuid(), bytesPerRow: 650, Population(Products.count)
    ) { row in
        let product = Products(row.key)
        let number = product.number
        let checked = (Day.today - row.draw("checked").within(1...40)).at(row.draw("at"))
        let isRegional = number % 7 == 0
        row.id()
        row.text("title", product.item, product.variant)
        row.text("description", product.item, " for life on the road, tested over a season", null: .bare)
        row.text("short_description", product.item, null: 20)
        row.text("category", product.category)
        row.text("affiliate_provider", product.provider)
        row.text("affiliate_url", "https://shop.seed.example/p/", number: number, digits: 6)
        row.cents("price", product.price, null: .bare)
        row.decimal("commission_rate", 450, digits: 2, null: .bare)
        row.text("currency", product.currency, null: .bare)
        row.text("image_url", "https://images.seed.example/products/", number: number, digits: 6, null: 15)
        row.list("additional_images", ["https://images.seed.example/products/2.jpg"], null: 65)
        row.some("tags", of: ["bestseller", "new", "4wd", "caravan", "gift"], null: 20)
        row.text("asin", "B05EED", number: number, digits: 4, null: product.provider == "amazon" ? 5 : 100)
        row.object("regional_asins", null: isRegional ? .bare : 100) { json, _ in
            json.text("AU", "B05EEDAU")
            json.text("US", "B05EEDUS")
        }
        row.object("regional_prices", null: isRegional ? .bare : 100) { json, _ in
            json.decimal("AU", product.price, digits: 2)
            json.decimal("US", product.price * 65 / 100, digits: 2)
        }
        row.object("regional_urls", null: isRegional ? .bare : 100) { json, _ in
            json.text("AU", "https://shop.seed.example/au")
            json.text("US", "https://shop.seed.example/us")
        }
        row.int("click_count", product.clicks, null: .bare)
        row.int("sort_order", number, null: .bare)
        row.bool("is_active", percent: 90, null: .bare)
        row.bool("is_featured", number % 11 == 0, null: .bare)
        row.pick("availability_status", ["in_stock", "low_stock", "out_of_stock"], null: 20)
        row.moment("last_price_check", checked, null: 15)
        row.moment("last_availability_check", checked, null: 15)
        row.cents("last_scraped_price", product.price * row.draw("scraped").within(92...108) / 100, null: 25)
        row.bool("price_change_detected", percent: 15, null: 25)
        row.bool("availability_change_detected", percent: 8, null: 25)
        row.int("scrape_batch_number", 1 + number % 5, null: 20)
        row.int("api_error_count", in: 0...3, null: 30)
        row.text("api_last_error", "HTTP 429", null: 85)
        row.reference("created_by", .users, RowKey(Cast.administrator), null: 40)
        row.moment("created_at", (Day.today - 300).at(row.draw("created")), null: .bare)
        row.moment("updated_at", checked, null: .bare)
    }
}
