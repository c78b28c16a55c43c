import Diagnostics
import PostgresTypes
import Testing

@Suite("Field reader")
struct FieldReaderTests {
    private struct Fields: FieldReader {
        let fields: [String: String?] = ["id": "7", "title": "Coast", "price": nil, "count": "many"]

        func text(_ name: String) throws(PostgresValueError) -> String? {
            guard let field = fields[name] else { throw PostgresValueError("the result has no column \"\(name)\"") }
            return field
        }
    }

    @Test func `fields are read by the wanted type`() throws {
        let row = Fields()
        #expect(try row.value("id") as Int == 7)
        #expect(try row.value("id", as: String.self) == "7")
        #expect(try row.optional("title", as: String.self) == "Coast")
        #expect(try row.optional("price", as: Double.self) == nil)
    }

    @Test func `a NULL where a value is promised names field and type`() {
        #expect(throws: PostgresValueError("field \"price\" is NULL, not a Double")) {
            try Fields().value("price", as: Double.self)
        }
    }

    @Test func `a wrong value names field, value and type`() {
        let expected = PostgresValueError("field \"count\": \"many\" is no Int32")
        #expect(throws: expected) { try Fields().value("count", as: Int32.self) }
        #expect(throws: expected) { try Fields().optional("count", as: Int32.self) }
    }

    @Test func `a missing column is an error even where NULL is fine`() {
        #expect(throws: PostgresValueError("the result has no column \"nope\"")) {
            try Fields().optional("nope", as: String.self)
        }
    }

    @Test func `a value error explains itself to scripts`() {
        let error: any ExplainedError = PostgresValueError("field \"id\" is NULL")
        #expect(error.code == "postgres.unexpectedValue")
        #expect(error.summary == "field \"id\" is NULL")
        #expect("\(error)" == "field \"id\" is NULL")
        #expect(error.failureClass == .failure)
    }
}
