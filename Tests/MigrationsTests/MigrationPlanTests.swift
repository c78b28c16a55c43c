import Diagnostics
import Migrations
import SQLText
import Testing

@Suite("MigrationPlan")
struct MigrationPlanTests {
    private func file(_ version: String, _ text: String, name: String = "a") throws -> MigrationFile {
        let fileName = MigrationFileName(version: version, name: name)
        return try MigrationFile(path: "m/\(fileName)", fileName: fileName, text: text)
    }

    private func ran(_ version: String, _ statements: String..., name: String? = "a") -> LedgerEntry {
        LedgerEntry(version: version, name: name, statements: statements)
    }

    @Test func `files and ledger agree: nothing to do`() throws {
        let plan = MigrationPlan(files: [try file("1", "select 1;")], ledger: [ran("1", "select 1")])
        #expect(plan.steps.isEmpty && plan.findings.isEmpty && plan.entries.map(\.state) == [.applied])
    }

    @Test func `new files are steps in order`() throws {
        let files = [try file("3", "select 3;"), try file("2", "vacuum;"), try file("1", "select 1;")]
        let plan = MigrationPlan(files: files, ledger: [ran("1", "select 1")])
        #expect(plan.steps.map(\.file.version) == ["2", "3"])
        #expect(plan.steps.map(\.outsideTransaction) == ["VACUUM", nil])
        #expect(plan.entries.map(\.state) == [.applied, .pending, .pending])
        #expect(plan.obstacles.isEmpty)
    }

    @Test(arguments: [
        "-- why\nselect  1,\n  2 ;", "SELECT 1, 2", "select 1, /* two */ 2;\n-- end\n",
        "\u{FEFF}select 1,2;",
    ])
    func `an edit of layout, comments or letter case is a note and stops nothing`(text: String) throws {
        let plan = MigrationPlan(files: [try file("1", text)], ledger: [ran("1", "select 1, 2")])
        #expect(plan.entries.map(\.state) == [.reformatted])
        #expect(plan.findings.map(\.code) == ["migration.reformatted"])
        #expect(plan.obstacles.isEmpty)
    }

    @Test func `line ends of another system are no edit at all`() throws {
        let plan = MigrationPlan(
            files: [try file("1", "select\r\n1;\r\nselect 2;\r\n")], ledger: [ran("1", "select\n1", "select 2")])
        #expect(plan.entries.map(\.state) == [.applied])
        #expect(plan.findings.isEmpty)
    }

    @Test(arguments: [
        ("select 1;\nselect 3;", "statement 2 differs", 2),
        ("-- new comment\nselect  1;\nselect 3;", "statement 2 differs", 3),
        ("select 1;\nselect 2;\nselect 3;", "statement 3 is new", 3),
        ("select 1;", "2 statements ran, and it holds 1", 1),
        ("select 'ü'; select 2;", "statement 1 differs", 1),
    ])
    func `an edited statement is an error at its place`(text: String, says: String, line: Int) throws {
        let plan = MigrationPlan(files: [try file("1", text)], ledger: [ran("1", "select 1", "select 2")])
        #expect(plan.entries.map(\.state) == [.edited])
        let finding = try #require(plan.obstacles.first)
        #expect(finding.code == "migration.edited")
        #expect(finding.message.contains(says))
        #expect(finding.span?.line == line)
    }

    @Test func `a changed constant is an edit, a changed body of a function too`() throws {
        let body = "create function f() returns int language sql as $$ select 1 $$"
        let plan = MigrationPlan(
            files: [try file("1", body.replacing("select 1", with: "select  1"))], ledger: [ran("1", body)])
        #expect(plan.entries.map(\.state) == [.edited])
    }

    @Test func `an applied file that is gone is an error`() throws {
        let plan = MigrationPlan(files: [], ledger: [ran("1", "select 1")])
        #expect(plan.entries.map(\.state) == [.missingFile])
        #expect(plan.obstacles.map(\.code) == ["migration.missing-file"])
    }

    @Test func `a file recorded under another version is recognised, and the remedy renames it`() throws {
        let plan = MigrationPlan(
            files: [try file("20260101000000", "select  1;", name: "add_x")],
            ledger: [LedgerEntry(version: "20260101093045", name: "add_x", statements: ["select 1"])])
        let finding = try #require(plan.findings.first { $0.code == "migration.other-version" })
        #expect(finding.remedy?.command == "git mv m/20260101000000_add_x.sql m/20260101093045_add_x.sql")
    }

    @Test func `an older new file is an error, or a note when it is allowed`() throws {
        let files = [try file("1", "select 1;"), try file("2", "select 2;")]
        let plan = MigrationPlan(files: files, ledger: [ran("2", "select 2")])
        #expect(plan.entries.map(\.state) == [.outOfOrder, .applied])
        #expect(plan.obstacles.map(\.code) == ["migration.out-of-order"])
        let allowed = MigrationPlan(files: files, ledger: [ran("2", "select 2")], includeOutOfOrder: true)
        #expect(allowed.obstacles.isEmpty && allowed.findings.map(\.severity) == [.note])
        #expect(allowed.steps.map(\.isOutOfOrder) == [true])
    }

    @Test func `rows of older tools, without name or statements, count as applied`() throws {
        let plan = MigrationPlan(
            files: [try file("1", "select 1;"), try file("2", "select 2;")],
            ledger: [
                LedgerEntry(version: "1", name: nil, statements: nil),
                LedgerEntry(version: "2", name: "", statements: []),
            ])
        #expect(plan.entries.map(\.state) == [.applied, .applied] && plan.findings.isEmpty)
    }

    @Test func `another name for the same version is a note`() throws {
        let plan = MigrationPlan(files: [try file("1", "select 1;")], ledger: [ran("1", "select 1", name: "b")])
        #expect(plan.findings.map(\.code) == ["migration.renamed"] && plan.obstacles.isEmpty)
    }

    @Test(arguments: [
        ("begin;\nselect 1;\ncommit;", "migration.transaction-control", 2),
        ("select 1; rollback;", "migration.transaction-control", 1),
        ("savepoint a;", "migration.transaction-control", 1),
        ("start transaction;", "migration.transaction-control", 1),
        ("copy a from stdin;", "migration.copy", 1), ("copy a to stdout;", "migration.copy", 1),
        ("create table a (id int); create index concurrently on a (id);", "migration.mixed", 1),
        ("vacuum a; vacuum b;", "migration.mixed", 2),
    ])
    func `what cannot be part of a file is refused before anything runs`(text: String, code: String, count: Int) throws
    {
        let plan = MigrationPlan(files: [try file("1", text)], ledger: [])
        #expect(plan.obstacles.map(\.code) == Array(repeating: code, count: count))
        #expect(plan.obstacles.allSatisfy { $0.span != nil && $0.remedy != nil })
    }

    @Test(.timeLimit(.minutes(20))) func `a plan of ten thousand statements takes no time`() throws {
        let text = String(
            repeating: "insert into public.a (id, note) values (1, '\(String(repeating: "x", count: 400))');\n",
            count: 10_000)
        let big = try file("1", text)
        let begin = ContinuousClock.now
        let plan = MigrationPlan(files: [big], ledger: [])
        let applied = MigrationPlan(
            files: [big], ledger: [LedgerEntry(version: "1", name: "a", statements: big.ledgerStatements)])
        #expect(plan.steps.count == 1 && applied.findings.isEmpty)
        #expect(ContinuousClock.now - begin < .seconds(5))
    }
}
