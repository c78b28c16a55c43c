import ArgumentParser
import Diagnostics
import FoundationEssentials
import Policies
import PostgresClient

extension Policy {
    /// Looks for holes and for slow policies.
    struct Lint: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "lint",
            abstract: "Look for holes in policies, grants, views and functions; ends with 2 when there are some.",
            discussion: HelpText.discussion(
                """
                Supabase's advisor lints under their names, and what they miss: recursion, rights that users give \
                themselves, policies that fail for everybody. Each finding says who can reach it and prints the SQL that \
                removes it. docs/LINT-RULES.md explains the rules.
                """,
                examples: "wheels-db policy lint --env staging", "wheels-db policy lint --rule policy_recursion",
                "wheels-db policy lint --level error --json"
            )
        )
        static let words = "policy lint"

        @Option(help: ArgumentHelp("The folder of the policies; its lint-exceptions.txt is read.", valueName: "dir"))
        var policies = "policies"

        @Option(help: ArgumentHelp("The file of accepted findings, each with its reason.", valueName: "file"))
        var exceptions: String?

        @Option(help: ArgumentHelp("Run this rule only; may be given again.", valueName: "name"))
        var rule: [String] = []

        @Option(help: ArgumentHelp("The lowest level to show: info, warning or error.", valueName: "level"))
        var level: LowestLevel = .info

        @OptionGroup var global: GlobalOptions

        enum LowestLevel: String, ExpressibleByArgument, CaseIterable, Sendable {
            case info
            case warning
            case error

            var level: LintLevel {
                switch self {
                case .info: .info
                case .warning: .warning
                case .error: .error
                }
            }
        }

        func validate() throws {
            let known = PolicyLinter.rules.map { $0.info.name }
            for name in rule where !known.contains(name) {
                let near = NearestName.match(for: name, among: known).map { " Did you mean \($0)?" } ?? ""
                throw ValidationError("No rule is called \(name).\(near)")
            }
        }

        func run(in context: CommandContext) async throws {
            let accepted = try exceptionsFile(in: context)
            let schemas = try context.configuration()?.apiSchemas ?? Configuration(file: "").apiSchemas
            let target = try context.target(for: .reads, localServer: context.localSettings)
            let session = try await Session.connect(
                to: context.settings(of: target), applicationName: "wheels-db/policy lint", retry: context.retry)
            let catalog: AccessCatalog
            do { catalog = try await AccessCatalog.read(in: session, apiSchemas: schemas) } catch {
                await session.close()
                throw error
            }
            await session.close()
            let report = PolicyLinter.lint(catalog, exceptions: accepted, rules: rule.isEmpty ? nil : Set(rule))
                .from(level.level)
            try context.report.result(LintDocument(report), text: LintText(report, schemas: schemas).text)
            if report.isBad { throw ExitCode(ExitStatus.findings.rawValue) }
        }

        /// The exceptions: a file that was named has to be there, the usual one may be missing.
        private func exceptionsFile(in context: CommandContext) throws -> LintExceptions {
            if let exceptions { return try LintExceptions.read(context.environment.absolutePath(exceptions)) }
            let usual = context.environment.absolutePath("\(policies)/lint-exceptions.txt")
            return FileManager.default.fileExists(atPath: usual) ? try LintExceptions.read(usual) : LintExceptions()
        }
    }
}

/// What `policy lint --json` prints.
struct LintDocument: Encodable {
    struct Action: Encodable {
        let level: LintLevel
        let rules: [String]
        let advice: [String]
        let sql: [String]
        /// The findings it removes, as places in `findings`.
        let removes: [Int]
    }

    struct Excepted: Encodable {
        let name: String
        let object: String
        let policy: String?
        let reason: String
    }

    let findings: [LintFinding]
    let actions: [Action]
    let excepted: [Excepted]
    let rules: [String]

    init(_ report: LintReport) {
        findings = report.findings
        actions = report.groups.map { group in
            Action(
                level: group.level, rules: group.rules.map(\.name), advice: group.advice, sql: group.sql,
                removes: report.findings.indices.filter { group.findings.contains(report.findings[$0]) })
        }
        excepted = report.excepted.map {
            Excepted(
                name: $0.finding.rule.name, object: $0.finding.object, policy: $0.finding.policy, reason: $0.reason)
        }
        rules = report.rules.map(\.name)
    }
}
