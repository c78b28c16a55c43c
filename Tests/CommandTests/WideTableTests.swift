import Testing

@testable import wheels_db

@Suite struct WideTableTests {
    @Test func `one long cell runs over and moves no other column`() {
        var table = TextTable(.text("object"), .number("rows"))
        let long = String(repeating: "x", count: TextTable.widestAlignment + 20)
        table.add("short", "1")
        table.add(long, "2")
        let lines = table.text.split(separator: "\n").map(String.init)
        #expect(lines[1].count == TextTable.widestAlignment + "  rows".count)
        #expect(lines[1].hasSuffix("   1"))
        #expect(lines[2] == long + "     2")
    }
}
