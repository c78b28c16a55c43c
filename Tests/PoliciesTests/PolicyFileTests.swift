import Diagnostics
import Foundation
import Policies
import SQLText
import Testing

@Suite("Policy files")
struct PolicyFileTests {
    private static let notes = RelationName(schema: "public", name: "notes")

    private func parse(_ text: String) throws -> PolicyFile {
        try PolicyFile(path: "policies/notes.sql", relation: Self.notes, text: text)
    }

    @Test func `a file says which policies, switches and privileges a table has`() throws {
        let file = try parse(PolicyBench.file)
        #expect(file.rowSecurity == RowSecurity(isEnabled: true))
        #expect(
            file.policies.map(\.name) == [
                "notes: read", "notes: everybody reads public ones", "notes: write", "notes: small ones",
            ])
        #expect(file.policies[2].comment == "Only of groups of one's own.")
        #expect(file.policies[3].statement.isPermissive == false)
        #expect(file.policies[3].statement.command == "insert")
        #expect(file.policies[1].statement.roles == [.named("anon")])
        let sequence = RelationName(schema: "public", name: "notes_id_seq")
        #expect(file.grants.contains(Grant(.authenticated, "UPDATE", on: .column("body"))))
        #expect(file.grants.contains(Grant(.serviceRole, "USAGE", on: .sequence(sequence))))
        #expect(file.grants.contains(Grant(.anon, "SELECT")))
        #expect(file.grants.count == 1 + 2 + 5 + 4 + 2)
    }

    @Test func `switches, every form of them`() throws {
        func switches(_ text: String) throws -> RowSecurity? { try parse(text).rowSecurity }
        #expect(try switches("alter table public.notes disable row level security") == RowSecurity(isEnabled: false))
        #expect(
            try switches("alter table only public.notes enable row level security, force row level security;")
                == RowSecurity(isEnabled: true, isForced: true))
        #expect(try switches("grant select on public.notes to anon") == nil)
        #expect(try switches("-- nothing at all") == nil)
    }

    /// A text that is no policy file: what is wrong, where, and a word of the remedy.
    struct Mistake: Sendable, CustomTestStringConvertible {
        let text: String
        let code: String
        let place: String
        let remedy: String
        var testDescription: String { text }
    }

    static let mistakes = [
        Mistake(text: "create polcy x", code: "policy.syntax", place: "1:8", remedy: "Correct"),
        Mistake(
            text: "alter table public.notes enable row level security;\n\n  create index on public.notes (title);",
            code: "policy.statement", place: "3:3", remedy: "migration"),
        Mistake(text: "drop policy x on public.notes", code: "policy.statement", place: "1:1", remedy: "migration"),
        Mistake(
            text: "alter policy x on public.notes to anon", code: "policy.statement", place: "1:1", remedy: "migration"),
        Mistake(
            text: "alter table public.notes enable row level security, add column x int",
            code: "policy.statement", place: "1:1", remedy: "migration"),
        Mistake(
            text: "grant select on\n  public.trips to anon", code: "policy.other-relation", place: "2:3",
            remedy: "trips.sql"),
        Mistake(
            text: "grant select on public.notes, storage.objects to anon", code: "policy.other-relation",
            place: "1:31", remedy: "storage.objects.sql"),
        Mistake(text: "grant select on notes to anon", code: "policy.schema", place: "1:17", remedy: "public.notes"),
        Mistake(
            text: "alter table public.notes enable row level security;\ncreate policy x on notes to anon using (true)",
            code: "policy.schema", place: "2:20", remedy: "public.notes"),
        Mistake(
            text: "comment on policy x on public.trips is 'x'", code: "policy.other-relation", place: "1:1",
            remedy: "trips.sql"),
        Mistake(
            text: "alter table public.notes enable row level security;\ncomment on policy y on public.notes is 'x'",
            code: "policy.comment", place: "2:1", remedy: "name"),
        Mistake(
            text: "create policy x on public.notes to anon using (true)", code: "policy.no-switch", place: "1:1",
            remedy: "enable row level security"),
        Mistake(
            text: "alter table public.notes force row level security", code: "policy.no-switch", place: "1:1",
            remedy: "enable row level security"),
        Mistake(
            text: "alter table public.notes enable row level security;\n"
                + "create policy x on public.notes to anon using (true);\n"
                + "create policy x on public.notes to anon using (false);",
            code: "policy.twice", place: "3:1", remedy: "another name"),
        Mistake(
            text: "alter table public.notes enable row level security;\n"
                + "create policy x on public.notes to current_user using (true)",
            code: "policy.role", place: "2:1", remedy: "authenticated"),
        Mistake(text: "grant all on public.notes to anon", code: "policy.grant-all", place: "1:1", remedy: "select"),
        Mistake(
            text: "grant all (title) on public.notes to anon", code: "policy.grant-all", place: "1:1", remedy: "select"),
        Mistake(
            text: "grant truncate on public.notes to service_role", code: "policy.privilege", place: "1:1",
            remedy: "delete"),
        Mistake(
            text: "grant references (title) on public.notes to anon", code: "policy.privilege", place: "1:1",
            remedy: "update"),
        Mistake(
            text: "grant trigger on public.notes to anon", code: "policy.privilege", place: "1:1", remedy: "select"),
        Mistake(
            text: "grant all on sequence public.notes_id_seq to anon", code: "policy.grant-all", place: "1:1",
            remedy: "usage"),
        Mistake(
            text: "grant usage on sequence notes_id_seq to anon", code: "policy.schema", place: "1:25",
            remedy: "public.notes_id_seq"),
        Mistake(
            text: "grant select on public.notes to dashboard_user", code: "policy.grantee", place: "1:1",
            remedy: "migration"),
        Mistake(
            text: "grant select on public.notes to current_user", code: "policy.grantee", place: "1:1",
            remedy: "authenticated"),
        Mistake(
            text: "grant select on public.notes to anon with grant option", code: "policy.grant-option", place: "1:1",
            remedy: "Remove"),
        Mistake(text: "revoke all on public.notes from anon", code: "policy.revoke", place: "1:1", remedy: "Remove"),
        Mistake(
            text: "grant select on all tables in schema public to anon", code: "policy.statement", place: "1:1",
            remedy: "migration"),
        Mistake(
            text: "grant usage on schema public to anon", code: "policy.statement", place: "1:1", remedy: "migration"),
        Mistake(
            text: "grant execute on function public.is_admin() to anon", code: "policy.statement", place: "1:1",
            remedy: "migration"),
        Mistake(text: "grant anon to authenticated", code: "policy.statement", place: "1:1", remedy: "migration"),
        Mistake(
            text: "comment on table public.notes is 'x'", code: "policy.statement", place: "1:1", remedy: "migration"),
        Mistake(text: "do $$ begin end $$", code: "policy.statement", place: "1:1", remedy: "migration"),
    ]

    @Test(arguments: mistakes) func `what does not belong into a file is refused with its place`(_ mistake: Mistake)
        throws
    {
        let error = try #require(throws: PolicyError.self) { try parse(mistake.text) }
        #expect(error.code == mistake.code, "\(error)")
        #expect(error.span?.description == "policies/notes.sql:\(mistake.place)", "\(error)")
        #expect(error.description.contains(mistake.remedy), "\(error)")
    }

    @Test func `every mistake of a folder is told at once`() throws {
        let bench = try PolicyBench()
        try bench.write("drop table public.a", as: "a.sql")
        try bench.write("grant all on public.b to anon;\ngrant select on public.c to anon;", as: "b.sql")
        try bench.write("grant select on public.d to anon", as: "d.sql")
        try bench.write("grant select on public.d to anon", as: "public.d.sql")
        try bench.write("select 1", as: "one.two.three.sql")
        try bench.write("\u{0}", as: "README.md")
        let error = try #require(throws: PolicyError.self) { try bench.read() }
        #expect(
            error.findings.map(\.code) == [
                "policy.statement", "policy.grant-all", "policy.other-relation", "policy.file-name", "policy.twins",
            ])
        #expect(error.summary.hasPrefix("5 problems"))
    }

    @Test func `a folder that is not there, and bytes that are no text`() throws {
        let missing = try #require(throws: PolicyError.self) { try PolicyFolder.read("/nowhere/policies") }
        #expect(missing.failureClass == .notFound)
        let bench = try PolicyBench()
        try Data([0x67, 0xFF]).write(to: URL(filePath: "\(bench.folder)/notes.sql"))
        #expect(try #require(throws: PolicyError.self) { try bench.read() }.code == "policy.encoding")
        try FileManager.default.removeItem(atPath: "\(bench.folder)/notes.sql")
        try FileManager.default.createDirectory(
            atPath: "\(bench.folder)/notes.sql", withIntermediateDirectories: false)
        #expect(try #require(throws: PolicyError.self) { try bench.read() }.code == "policy.unreadable")
    }

    @Test func `the shipped files are policy files, and each says who it is for`() throws {
        let folder = try PolicyFolder.read(PolicyBench.shipped)
        #expect(folder.files.count >= 52)
        for file in folder.files {
            #expect(!file.grants.contains { $0.grantee == .everybody }, "\(file.path)")
            for policy in file.policies {
                let roles = policy.statement.roles
                #expect(roles == [.named("authenticated")] || roles == [.named("anon")], "\(file.path): \(policy.name)")
            }
        }
        let open = folder.files.filter { $0.grants.contains { $0.grantee == .anon } }.map(\.relation.name)
        #expect(open == ["affiliate_products", "trip_templates"])
    }
}
