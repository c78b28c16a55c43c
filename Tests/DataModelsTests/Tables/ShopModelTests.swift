import DataModels
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

@Suite("Models of the shop", .tags(.server))
struct ShopModelTests {
    static let models: [any KeyedModel.Type] = [
        MarketplaceListing.self, AffiliateProduct.self, AffiliateProductClick.self, AffiliateSale.self,
    ]

    @Test(.appDatabase) func `listings`() async throws {
        let bench = try await ModelBench()
        let user = try await bench.newUser()
        let life = try await bench.live(
            MarketplaceListing.Insert(
                userID: user, title: "Tent", price: PostgresNumeric(1, scale: 2), photos: ["a.jpg"])
        ) {
            $0.status = .set(.sold)
            $0.condition = .set("Fair")
        } null: {
            $0.photos = .null
            $0.category = .null
        }
        #expect(life.inserted.status == .pending && life.inserted.price?.postgresText == "0.01")
    }

    @Test(.appDatabase) func `products with enums, clicks and sales`() async throws {
        let bench = try await ModelBench()
        let user = try await bench.newUser()
        let life = try await bench.live(
            AffiliateProduct.Insert(
                title: "Recovery kit", category: .recoveryGear, affiliateProvider: .amazon,
                affiliateURL: "https://example.org/x", price: PostgresNumeric(4_699, scale: 2),
                additionalImages: PostgresArray([String]()))
        ) {
            $0.category = .set(.booksManuals)
            $0.regionalPrices = .set(#"{"AU": 46.990}"#)
            $0.commissionRate = .set(.infinity)
        } null: {
            $0.price = .null
            $0.sortOrder = .null
        }
        #expect(life.inserted.category == .recoveryGear && life.inserted.affiliateProvider == .amazon)
        #expect(life.inserted.additionalImages?.dimensions == [] && life.set.commissionRate == .infinity)
        #expect(life.set.regionalPrices == #"{"AU": 46.990}"#)
        let product = try await bench.insert(
            AffiliateProduct.Insert(
                title: "Book", category: .booksManuals, affiliateProvider: .custom,
                affiliateURL: "https://example.org/y"))
        try await bench.live(
            AffiliateProductClick.Insert(
                productID: product.id, ipAddress: try PostgresInet(postgresText: "::ffff:192.0.2.1"))
        ) {
            $0.referrer = .set("feed")
            $0.userID = .set(user)
        } null: {
            $0.clickedAt = .null
        }
        let sale = try await bench.live(AffiliateSale.Insert(userID: user, productID: "B00X")) {
            $0.commissionRate = .set(PostgresNumeric(450, scale: 4))
            $0.saleAmount = .set(PostgresNumeric(1_000, scale: 1))
        } null: {
            $0.userID = .null
            $0.payoutStatus = .null
        }
        #expect(sale.inserted.saleAmount.postgresText == "0.00" && sale.set.saleAmount.postgresText == "100.00")
        #expect(sale.set.commissionRate.postgresText == "0.0450")
    }

    @Test(.appDatabase) func `a label that was added later is read, compared and written`() async throws {
        let bench = try await ModelBench()
        try await bench.session.executeScript("alter type public.affiliate_provider add value 'etsy'")
        let etsy = AffiliateProvider(rawValue: "etsy")
        let product = try await bench.insert(
            AffiliateProduct.Insert(
                title: "Lamp", category: .electronics, affiliateProvider: etsy, affiliateURL: "https://example.org/z"))
        #expect(product.affiliateProvider == etsy && !product.affiliateProvider.isKnown)
        #expect(AffiliateProvider.amazon.isKnown && AffiliateProvider.known.count == 3)
        let found = AffiliateProduct.select(where: [AffiliateProduct.Columns.affiliateProvider.equals(etsy)])
        #expect(try await bench.rows(found).count == 1)
    }
}
