import Testing

@testable import SQLText

@Suite("Statements about access")
struct AccessStatementTests {
    private func policy(_ text: String) throws -> PolicyStatement {
        guard case .createPolicy(let policy) = try AccessStatement(text) else {
            throw SQLNotExpected(text: text)
        }
        return policy
    }

    private func slice(_ text: String, _ range: Range<Int>?) -> String? {
        range.map { String(decoding: Array(text.utf8)[$0], as: UTF8.self) }
    }

    @Test func `the conditions of a policy are found whatever stands in them`() throws {
        let text = #"""
            create policy "using (x) with check" on /* a ( */ public . "my ""t""" -- using (
              as restrictive for update to "check", public using (a = 'it''s )' and b = E'\') (' and c = $q$ ) $x$ ( $q$
                and "col)" = 1 and d in (select e from f where (g))) with /* ) */ check ( true /* ( */ )
            """#
        let policy = try policy(text)
        #expect(policy.name == "using (x) with check")
        #expect(policy.relation.schema == "public" && policy.relation.name == "my \"t\"")
        #expect(slice(text, policy.relation.utf8Range) == "public . \"my \"\"t\"\"\"")
        #expect(policy.isPermissive == false && policy.command == "update")
        #expect(policy.roles == [.named("check"), .everybody])
        let using = try #require(slice(text, policy.usingRange))
        #expect(using.hasPrefix("a = 'it''s )'") && using.hasSuffix("d in (select e from f where (g))"))
        #expect(slice(text, policy.checkRange) == " true /* ( */ ")
    }

    @Test func `a policy without conditions or roles`() throws {
        let policy = try policy("create policy p on t")
        #expect(policy.usingRange == nil && policy.checkRange == nil)
        #expect(policy.relation == RelationMention(schema: nil, name: "t", utf8Range: 19..<20))
        #expect(policy.isPermissive && policy.command == "all" && policy.roles == [.everybody])
        #expect(try self.policy("create policy p on t for insert to x with check (a)").usingRange == nil)
    }

    @Test func `references to the table with its schema are found, those to others are not`() throws {
        let text =
            "create policy p on public.t using (public.t.a = 1 and exists (select from o.t where o.t.b = "
            + "public . t . c and public.u.d = t.e))"
        let policy = try policy(text)
        #expect(policy.schemaPrefixes.compactMap { slice(text, $0) } == ["public.", "public ."])
        #expect(policy.schemaPrefixes.map(\.lowerBound) == [35, 92])
    }

    @Test func `grants are taken apart`() throws {
        guard
            case .grant(let grant) = try AccessStatement(
                "grant select (a, b), update on table x.t, u to public, anon, current_user with grant option")
        else { throw SQLNotExpected(text: "grant") }
        #expect(grant.isGrant && grant.hasGrantOption && grant.target == .relations && !grant.namesGrantor)
        #expect(grant.objects.map(\.name) == ["t", "u"] && grant.objects.map(\.schema) == ["x", nil])
        #expect(grant.privileges.map(\.name) == ["select", "update"])
        #expect(grant.privileges.map(\.columns) == [["a", "b"], []])
        #expect(grant.grantees == [.everybody, .named("anon"), .ofSession])
        guard case .grant(let all) = try AccessStatement("revoke all on sequence s from anon granted by x") else {
            throw SQLNotExpected(text: "revoke")
        }
        #expect(!all.isGrant && all.target == .sequences && all.privileges.isEmpty && all.namesGrantor)
    }

    @Test(arguments: [
        ("alter table t enable row level security, add x int", "AlterTableStmt"), ("drop policy p on t", "DropStmt"),
        ("comment on table t is 'x'", "CommentStmt"), ("grant a to b", "GrantRoleStmt"), ("select 1", "SelectStmt"),
    ]) func `other statements keep the grammar's name`(_ text: String, _ node: String) throws {
        #expect(try AccessStatement(text) == .other(node: node))
    }

    @Test func `switches and comments`() throws {
        let relation = RelationMention(schema: "a", name: "t", utf8Range: 12..<15)
        #expect(
            try AccessStatement("alter table a.t no force row level security, disable row level security")
                == .rowSecurity([.noForce, .disable], on: relation))
        let mention = RelationMention(schema: "a", name: "t", utf8Range: nil)
        #expect(
            try AccessStatement("comment on policy p on a.t is 'it''s'")
                == .policyComment(policy: "p", on: mention, text: "it's"))
        #expect(
            try AccessStatement("comment on policy p on a.t is null")
                == .policyComment(policy: "p", on: mention, text: nil))
    }

    @Test func `what does not parse has a place`() throws {
        let error = try #require(throws: SQLSyntaxError.self) { try AccessStatement("create policy p on") }
        #expect(error.reason == .syntax)
    }
}

private struct SQLNotExpected: Error {
    let text: String
}
