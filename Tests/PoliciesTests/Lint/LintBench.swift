import PostgresClient
import PostgresTesting

@testable import Policies

/// Plants SQL in the test's database and lints it.
enum LintBench {
    /// Runs a script as the project's `postgres`, or as superuser, and lints.
    static func lint(
        _ sql: String = "",
        asSuperuser: Bool = false,
        schemas: [String] = ["public"],
        exceptions: String = ""
    ) async throws -> LintReport {
        let scratch = try ScratchDatabase.current
        let session = asSuperuser ? try await scratch.superuserSession() : try await scratch.session()
        if !sql.isEmpty { try await session.executeScript(sql) }
        let catalog = try await AccessCatalog.read(in: session, apiSchemas: schemas)
        return PolicyLinter.lint(catalog, exceptions: try LintExceptions(text: exceptions, path: "exceptions.txt"))
    }

    /// Runs a script, lints within its transaction and rolls it back: for roles, which all databases share.
    static func lintInTransaction(_ sql: String) async throws -> LintReport {
        struct RollBack: Error {}
        let session = try await ScratchDatabase.current.session()
        var report: LintReport?
        do {
            try await session.withTransaction { session in
                try await session.executeScript(sql)
                let catalog = try await AccessCatalog.read(inTransactionOf: session, apiSchemas: ["public"])
                report = PolicyLinter.lint(catalog)
                throw RollBack()
            }
        } catch is RollBack {}
        return report ?? LintReport(findings: [], excepted: [], rules: [])
    }

    /// Runs the statements that a rule's findings print, one by one, and lints again.
    static func cured(_ report: LintReport, _ rule: String, asSuperuser: Bool = false) async throws -> LintReport {
        let scratch = try ScratchDatabase.current
        let session = asSuperuser ? try await scratch.superuserSession() : try await scratch.session()
        for group in report.groups where group.rules.contains(where: { $0.name == rule }) {
            for statement in group.sql { try await session.executeScript(statement) }
        }
        return try await lint()
    }

    /// A table of one owner's rows, with row level security and a grant.
    static func ownTable(_ name: String = "notes") -> String {
        """
        create table public.\(name) (id bigint primary key, user_id uuid not null, body text, is_public boolean);
        create index on public.\(name) (user_id);
        alter table public.\(name) enable row level security;
        revoke all on public.\(name) from anon, authenticated;
        grant select, insert, update, delete on public.\(name) to authenticated;

        """
    }
}

extension LintReport {
    /// The objects a rule found, with `/policy` where it is about one, each once.
    func objects(_ rule: String) -> [String] {
        var seen: Set<String> = []
        return of(rule).map { finding in finding.policy.map { "\(finding.object)/\($0)" } ?? finding.object }
            .filter { seen.insert($0).inserted }
    }

    /// The findings of a rule.
    func of(_ rule: String) -> [LintFinding] { findings.filter { $0.rule.name == rule } }
}
