import DataModels
import Foundation
import PostgresTypes
import Testing

@Suite("Statements of models")
struct StatementTests {
    @Test func `of a new row name what is given, and nothing else`() {
        let insert = SocialGroup.Insert(name: "Vans", memberCount: .null, isActive: .set(false))
        #expect(
            insert.statement.sql.hasPrefix(
                #"insert into "public"."social_groups" ("name", "member_count", "is_active") values ($1, $2, $3) returning "id", "name","#
            ))
        #expect(insert.statement.parameters == ["Vans", nil, "f"])
    }

    @Test func `of a new row with nothing given leave all to defaults`() {
        #expect(
            HealthCheck.Insert().statement.sql.hasPrefix(
                #"insert into "public"."health_check" default values returning "#))
        #expect(HealthCheck.Insert().statement.parameters == [])
    }

    @Test func `of a patch tell leaving, NULL and a value apart`() throws {
        let user = try UUID(postgresText: "00000000-0000-4000-8000-000000000001")
        var patch = SocialGroupMember.Patch()
        #expect(patch.isEmpty)
        patch.role = .null
        patch.isActive = .setting(true)
        patch.joinedAt = .setting(nil)
        let statement = try #require(patch.statement(for: SocialGroupMember.Key(groupID: user, userID: user)))
        #expect(
            statement.sql == """
                update "public"."social_group_members" set "role" = $1, "joined_at" = $2, "is_active" = $3 where \
                "group_id" = $4 and "user_id" = $5 returning "group_id", "user_id", "role", "joined_at", "is_active"
                """)
        #expect(statement.parameters == [nil, nil, "t", user.postgresText, user.postgresText])
        patch.role = .leave
        #expect(patch.fields.map(\.column) == ["joined_at", "is_active"])
    }

    @Test func `of a selection number the parameters of all conditions`() {
        let statement = Expense.select(where: [
            Expense.Columns.category.differs(from: "Fuel"), Expense.Columns.description.isNull,
            Expense.Columns.id.isAmong([1, 2]), Expense.Columns.date.isAtLeast(day(2026, 1, 1)),
            Expense.Columns.amount.isLess(than: 10), Expense.Columns.createdAt.isNotNull,
        ])
        #expect(
            statement.sql == """
                select "id", "user_id", "amount", "category", "date", "expense_date", "description", "created_at" from \
                "public"."expenses" where "public"."expenses"."category" <> $1 and \
                "public"."expenses"."description" is null and "public"."expenses"."id" = any ($2) and \
                "public"."expenses"."date" >= $3 and "public"."expenses"."amount" < $4 and \
                "public"."expenses"."created_at" is not null
                """)
        #expect(statement.parameters == ["Fuel", "{1,2}", "2026-01-01", "10"])
    }

    @Test func `quote names`() {
        #expect(Relation(schema: "a\"b", name: "c.d").sql == #""a""b"."c.d""#)
    }

    @Test func `of a row name the field that does not fit`() {
        struct Fields: FieldReader {
            let texts: [String: String?]
            func text(_ name: String) throws(PostgresValueError) -> String? {
                guard let text = texts[name] else { throw PostgresValueError("no column \"\(name)\"") }
                return text
            }
        }
        let fields: [String: String?] = ["id": "1", "user_id": nil]
        #expect(throws: PostgresValueError("field \"user_id\" is NULL, not a UUID")) {
            try Expense(from: Fields(texts: fields))
        }
        #expect(throws: PostgresValueError("field \"id\": \"x\" is no Int64")) {
            try Expense(from: Fields(texts: ["id": "x"]))
        }
        #expect(throws: PostgresValueError("no column \"id\"")) { try Expense(from: Fields(texts: [:])) }
    }
}
