import SQLText
import Testing

@Suite("The roles that policies name")
struct PolicyRolesTests {
    @Test(arguments: [
        ("create policy p on public.t", []), ("create policy p on public.t to public using (true)", []),
        ("create policy p on t for select to anon, authenticated using (true)", ["anon", "authenticated"]),
        (
            #"create policy "to x" on t as restrictive to "Night, Reader", current_user using (a = 'to y')"#,
            ["Night, Reader"]
        ),
        ("alter policy p on t to anon", []), ("grant select on t to anon", []), ("", []),
    ])
    func `roles stand after TO, as the catalog stores them`(statement: String, roles: [String]) throws {
        #expect(try PolicyRoles.named(in: [statement]) == Set(roles))
    }

    @Test func `several policies name each role once`() throws {
        let names = try PolicyRoles.named(in: ["create policy a on t to x, y", "create policy b on t to y, z"])
        #expect(names == ["x", "y", "z"])
    }

    @Test func `what does not parse is an error`() {
        #expect(throws: SQLSyntaxError.self) { try PolicyRoles.named(in: ["create policy on to"]) }
    }
}
