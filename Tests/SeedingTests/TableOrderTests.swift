import Testing

@testable import CatalogInspection
@testable import Seeding

@Suite("Order of seeded tables")
struct TableOrderTests {
    private func table(_ name: String) -> SeedTable {
        SeedTable(name, .uuid(), bytesPerRow: 100, .eachUser) { $0.id() }
    }

    private func key(_ child: String, _ parent: String) -> ForeignKeyInfo {
        ForeignKeyInfo(
            name: "\(child)_\(parent)", schema: "public", table: child, columns: ["x"], referencedSchema: "public",
            referencedTable: parent, referencedColumns: ["id"], comparisons: ["="], matchesFully: false,
            isPartitioned: false, referencesPartitioned: false, isValidated: true)
    }

    @Test func `a table comes after those it refers to`() {
        let order = TableOrder(
            ["d", "c", "b", "a"].map(table), foreignKeys: [key("d", "c"), key("c", "b"), key("b", "a"), key("d", "a")])
        #expect(order.tables.map(\.name) == ["a", "b", "c", "d"])
        #expect(order.circles.isEmpty)
    }

    @Test func `a reference to itself orders nothing, and unknown tables play no part`() {
        let order = TableOrder(["b", "a"].map(table), foreignKeys: [key("b", "b"), key("b", "z"), key("b", "a")])
        #expect(order.tables.map(\.name) == ["a", "b"])
        #expect(order.circles.isEmpty)
    }

    @Test func `a circle stays together, after what it needs and before what needs it`() {
        let keys = [key("last", "y"), key("x", "y"), key("y", "z"), key("z", "x"), key("z", "first")]
        let order = TableOrder(["last", "x", "y", "z", "first"].map(table), foreignKeys: keys)
        #expect(order.tables.map(\.name) == ["first", "x", "y", "z", "last"])
        #expect(order.circles == [["public.x", "public.y", "public.z"]])
    }

    @Test func `two circles do not become one`() {
        let keys = [key("a", "b"), key("b", "a"), key("c", "d"), key("d", "c"), key("a", "c")]
        let order = TableOrder(["a", "b", "c", "d"].map(table), foreignKeys: keys)
        #expect(order.tables.map(\.name) == ["c", "d", "a", "b"])
        #expect(order.circles.count == 2)
    }
}
