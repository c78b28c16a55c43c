import SQLText
import Testing

@Suite struct `Reading the texts that a check lists` {
    @Test(arguments: [
        // As the server prints them: text, varchar, a single text.
        "(status = ANY (ARRAY['a'::text, 'b'::text]))",
        "((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
        "((status)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]))",
        // As people write them.
        "status in ('a', 'b')", "status is null or status in ('a', 'b')", "status in ('a', 'b') and length(status) < 3",
        "status = 'a' or status = 'b'", "(status = 'a'::text) OR (status = 'b'::text) OR (status IS NULL)",
    ])
    func `finds both`(_ check: String) {
        #expect(ListedLabels.labels(in: check, column: "status") == ["a", "b"])
    }

    @Test(arguments: [
        "status <> 'a'", "not (status in ('a', 'b'))", "status not in ('a')", "status in ('a', lower('b'))",
        "status in ('a') or length(status) > 3", "status = other", "status like 'a'", "lower(status) in ('a')",
        "other in ('a', 'b')", "rating >= 1 and rating <= 5", "status > 'a'", "status is null", "", "status in (",
        "true; select 1",
        "status = any (array[1, 2])",
    ])
    func `finds nothing where another text could pass, and nothing in what is no check`(_ check: String) {
        #expect(ListedLabels.labels(in: check, column: "status") == nil)
    }

    @Test func `takes every text as it is`() {
        let check = #"("a ""b" = ANY (ARRAY['it''s'::text, ''::text, E'back\\slash'::text, 'Größe 🚐'::text]))"#
        #expect(ListedLabels.labels(in: check, column: "a \"b") == ["it's", "", "back\\slash", "Größe 🚐"])
        #expect(ListedLabels.labels(in: "status = 'a\u{0}b'", column: "status") == nil)
    }

    @Test func `survives a nesting that no stack would`() {
        let deep = String(repeating: "(", count: 5_000) + "status = 'a'" + String(repeating: ")", count: 5_000)
        _ = ListedLabels.labels(in: deep, column: "status")
        let long = (0..<5_000).map { "status = 'x\($0)'" }.joined(separator: " or ")
        #expect(ListedLabels.labels(in: long, column: "status")?.count == 5_000)
    }
}
