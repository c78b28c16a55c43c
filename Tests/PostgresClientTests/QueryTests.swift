import PostgresClient
import PostgresTypes
import Testing

@Suite("Query")
struct QueryTests {
    @Test func `interpolated values become numbered parameters`() {
        let status = "it's; drop table users"
        let query: Query = "select \(1) where status = \(status) and n = \(2.5) and b = \(true)"
        #expect(query.sql == "select $1 where status = $2 and n = $3 and b = $4")
        #expect(query.parameters == ["1", status, "2.5", "t"])
    }

    @Test func `an absent value is NULL`() {
        let absent: Int? = nil
        let present: Int? = 7
        let query: Query = "select \(absent), \(present)"
        #expect(query.sql == "select $1, $2")
        #expect(query.parameters == [nil, "7"])
    }

    @Test func `identifiers are quoted in place`() {
        let query: Query = "select \(identifier: "My \"Column\"") from \(identifier: "t") where a = \(1)"
        #expect(query.sql == "select \"My \"\"Column\"\"\" from \"t\" where a = $1")
        #expect(query.parameters == ["1"])
    }

    @Test(arguments: [("1min", "'1min'"), ("it's", "'it''s'"), ("a\\b", " E'a\\\\b'"), ("", "''")])
    func `literals are quoted in place`(text: String, quoted: String) {
        let query: Query = "set local x = \(literal: text)"
        #expect(query.sql == "set local x = \(quoted)")
        #expect(query.parameters.isEmpty)
    }

    @Test func `only what is called unsafe goes in as it is`() {
        let query: Query = "select \(unsafeSQL: "now()"), \("x")"
        #expect(query.sql == "select now(), $1")
        #expect(Query(unsafeSQL: "select $1", parameters: ["a"]).parameters == ["a"])
        #expect(("select 1" as Query).parameters.isEmpty)
    }

    @Test func `dollar signs and braces of the text stay`() {
        let query: Query = "select $tag$ \(identifier: "x") $tag$, '{\(unsafeSQL: "")}'"
        #expect(query.sql == "select $tag$ \"x\" $tag$, '{}'")
    }
}
