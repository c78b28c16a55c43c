import Testing

@testable import ModelGeneration

@Suite("Swift names")
struct SwiftNameTests {
    @Test(arguments: [
        ("id", "id", "ID"), ("user_id", "userID", "UserID"), ("image_urls", "imageURLs", "ImageURLs"),
        ("ip_address", "ipAddress", "IPAddress"), ("userId", "userID", "UserID"),
        ("HTTPServer", "httpServer", "HTTPServer"),
        ("fuel_consumption_l_per_100km", "fuelConsumptionLPer100km", "FuelConsumptionLPer100km"),
        ("2fa", "number2fa", "Number2fa"), ("a b", "aB", "AB"), ("__x__", "x", "X"), ("", "empty", "Empty"),
        ("+", "u2b", "U2b"), ("Größe", "groesse", "Groesse"), ("ÄRGER", "aerger", "Aerger"),
        ("e\u{301}te\u{301}", "ete", "Ete"),
        ("用户", "u7528u6237", "U7528u6237"), ("x🚐y", "xY", "XY"), ("a\"b\\c", "aBC", "ABC"),
        ("Gas Stations", "gasStations", "GasStations"),
    ])
    func `are made of the words of a name`(name: String, lower: String, upper: String) {
        #expect(SwiftName.lower(name) == lower)
        #expect(SwiftName.upper(name) == upper)
    }

    @Test(arguments: [
        ("user_trips", "UserTrip"), ("categories", "Category"), ("memories", "Memory"), ("addresses", "Address"),
        ("boxes", "Box"), ("batches", "Batch"), ("expenses", "Expense"), ("user_settings", "UserSettings"),
        ("health_check", "HealthCheck"), ("status", "Status"), ("statuses", "Status"), ("analysis", "Analysis"),
        ("people", "Person"), ("news", "News"), ("bus", "Bus"), ("glasses", "Glass"), ("s", "S"), ("gas", "Gas"),
    ])
    func `of rows are singular`(table: String, name: String) {
        #expect(SwiftName.upper(Singular.words(SwiftName.words(of: table))) == name)
    }

    @Test func `are given out once, and never one that means something else`() {
        var table = NameTable(reserved: ["Set", "SetRow"], suffix: "Row", ignoresCase: true)
        #expect(table.claim("Set") == "SetRow2")
        #expect(table.claim("Box") == "Box")
        #expect(table.claim("BOX") == "BOX2")
        #expect(table.claim("Box2") == "Box22")
    }

    @Test func `of tables that differ in the plural alone both stay as they are`() {
        let relations = ["box", "boxes", "trips"].map { Self.table($0) }
        let names = ModelNames(ModelCatalog(schemas: ["public"], relations: relations, enums: []))
        #expect(relations.map { names.relations[$0]?.type } == ["Box", "Boxes", "Trip"])
    }

    @Test func `of another schema begin with it`() {
        let relations = [Self.table("trips"), Self.table("trips", schema: "api")]
        let names = ModelNames(ModelCatalog(schemas: ["public", "api"], relations: relations, enums: []))
        #expect(relations.map { names.relations[$0]?.type } == ["Trip", "APITrip"])
    }

    @Test func `of labels never look like a missing value`() {
        let names = ModelNames.labels(["none", "some", "adminRole", "a b", "a_b"], ofType: "Role").map(\.name)
        #expect(names == ["noneLabel", "someLabel", "adminRoleLabel", "aB", "aB2"])
    }

    private static func table(_ name: String, schema: String = "public") -> ModelRelation {
        ModelRelation(schema: schema, name: name, kind: .table, comment: nil, columns: [], primaryKey: [])
    }
}
