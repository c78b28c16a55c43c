import ArgumentParser
import Diagnostics
import Policies
import PostgresClient

/// The group `wheels-db policy`.
struct Policy: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Row level security and grants: what policies/ says, and what the database allows.",
        discussion: HelpText.discussion(
            examples: "wheels-db policy plan --env staging", "wheels-db policy apply --env staging",
            "wheels-db policy lint"
        ),
        subcommands: [Status.self, Plan.self, Apply.self, Lint.self, Matrix.self]
    )

    /// Where the files are.
    struct Folder: ParsableArguments, Sendable {
        @Option(help: ArgumentHelp("The folder of the policy files.", valueName: "dir"))
        var policies = "policies"

        func read() throws -> PolicyFolder { try PolicyFolder.read(policies) }
    }

    /// Shows one line a table.
    struct Status: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "status",
            abstract: "Show for each table whether it is as its file says.",
            discussion: HelpText.discussion(examples: "wheels-db policy status --exit-code")
        )
        static let words = "policy status"
        @OptionGroup var folder: Folder
        @Flag(help: "End with 2 when a table differs or something is wrong.") var exitCode = false
        @OptionGroup var global: GlobalOptions

        func run(in context: CommandContext) async throws {
            let plan = try await Policy.plan(folder, prunes: false, in: context)
            var table = TextTable(.text("table"), .text("state"), .text("what"))
            for relation in plan.relations {
                let what = relation.changes.map(\.summary) + relation.findings.compactMap(\.besideState)
                let more = what.count > 3 ? ["and \(what.count - 2) more"] : []
                let shown = (more.isEmpty ? what : Array(what.prefix(2))) + more
                table.add("\(relation.relation)", relation.state.words, shown.joined(separator: "; "))
            }
            let text = plan.relations.isEmpty ? "No policy files, and no tables that need one." : table.text
            try context.report.result(PolicyDocument(plan), text: text)
            if exitCode { try Policy.end(with: plan) }
        }
    }

    /// Shows the statements that `apply` would run.
    struct Plan: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "plan",
            abstract: "Show the statements that `policy apply` would run.",
            discussion: HelpText.discussion(
                "A line `-- opens:` stands before each statement that lets somebody do more than before.",
                examples: "wheels-db policy plan --env production --exit-code"
            )
        )
        static let words = "policy plan"
        @OptionGroup var folder: Folder
        @Flag(help: "Drop the policies that no file names, too.") var prune = false
        @Flag(help: "End with 2 when there is something to do or something is wrong.") var exitCode = false
        @OptionGroup var global: GlobalOptions

        func run(in context: CommandContext) async throws {
            let plan = try await Policy.plan(folder, prunes: prune, in: context)
            try Policy.show(plan, in: context)
            if exitCode { try Policy.end(with: plan) }
        }
    }

    /// Makes the database equal to the files.
    struct Apply: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "apply",
            abstract: "Make policies and grants what the files say, one transaction a table.",
            discussion: HelpText.discussion(
                "A table that fails leaves nothing behind; the tables before it stay changed. Tables that are as the "
                    + "last run left them are not locked.",
                examples: "wheels-db policy apply --dry-run",
                "wheels-db policy apply --env production --confirm abcdefghij"
            )
        )
        static let words = "policy apply"
        @OptionGroup var folder: Folder
        @Flag(help: "Drop the policies that no file names, too.") var prune = false
        @Flag(help: "Show the statements and change nothing.") var dryRun = false
        @OptionGroup var global: GlobalOptions

        struct Document: Encodable {
            let applied: [PolicyDocument.Relation]
            let unchanged: Int
            let findings: [Finding]
            let seconds: Double
        }

        func run(in context: CommandContext) async throws {
            if dryRun { return try Policy.show(try await Policy.plan(folder, prunes: prune, in: context), in: context) }
            let folder = try folder.read()
            let target = try context.target(for: .writes, localServer: context.localSettings)
            try context.permitChange(of: target, isDestructive: prune)
            let report = context.report
            let options = try context.policyOptions(prunes: prune)
            let applier = PolicyApplier(settings: context.settings(of: target), options: options) {
                Policy.tell($0, report)
            }
            let result = try await applier.apply(folder)
            if !context.options.json { for finding in result.findings { report.finding(finding) } }
            let document = Document(
                applied: result.applied.map(PolicyDocument.Relation.init), unchanged: result.unchanged,
                findings: result.findings, seconds: result.duration / .seconds(1))
            let text =
                result.applied.isEmpty
                ? "Nothing to do: \(Policy.tables(result.unchanged)) as the files say."
                : "\(Policy.tables(result.applied.count)) changed in \(HumanUnits.duration(result.duration))."
            try report.result(document, text: text)
            if result.findings.contains(where: { $0.severity == .error }) {
                throw ExitCode(ExitStatus.findings.rawValue)
            }
        }
    }
}

extension Policy {
    /// "1 table", "2 tables".
    static func tables(_ count: Int) -> String { count == 1 ? "1 table" : "\(count) tables" }

    static func plan(_ folder: Folder, prunes: Bool, in context: CommandContext) async throws -> PolicyPlan {
        let folder = try folder.read()
        let target = try context.target(for: .reads, localServer: context.localSettings)
        let options = try context.policyOptions(prunes: prunes)
        let report = context.report
        return try await PolicyApplier(settings: context.settings(of: target), options: options) { tell($0, report) }
            .plan(folder)
    }

    static func show(_ plan: PolicyPlan, in context: CommandContext) throws {
        if !context.options.json { for finding in plan.findings { context.report.finding(finding) } }
        let blocks = plan.pending.map { relation in
            let statements = relation.changes.map { change in
                (change.opens.map { "-- opens: \($0)\n" } ?? "") + "\(change.sql);\n"
            }
            return "-- \(relation.relation)\(relation.file.map { " (\($0))" } ?? "")\n" + statements.joined()
        }
        let text =
            blocks.isEmpty
            ? "Nothing to do: \(tables(plan.relations.count { $0.state == .inSync })) as the files say."
            : blocks.joined(separator: "\n")
        try context.report.result(PolicyDocument(plan), text: text)
        if !blocks.isEmpty {
            let statements = plan.changes.count == 1 ? "1 statement" : "\(plan.changes.count) statements"
            context.report.note("\(tables(plan.pending.count)) to change, \(statements).")
        }
    }

    /// Ends with 2 when there is something to do, or to look at.
    static func end(with plan: PolicyPlan) throws {
        let isWrong = plan.findings.contains { $0.severity > .note }
        if isWrong || !plan.pending.isEmpty { throw ExitCode(ExitStatus.findings.rawValue) }
    }

    static func tell(_ event: PolicyEvent, _ report: Reporter) {
        switch event {
        case .started(let relation, let statements): report.detail("changing \(relation): \(statements) statements")
        case .blocked(let relation, let blockers):
            report.note("\(relation) waits: \(blockers.map(\.description).joined(separator: "; "))")
        case .retrying(let relation, let failures, _):
            report.note("\(relation) was rolled back and is tried again: attempt \(failures + 1)")
        case .notice(let notice): report.detail("\(notice.severity): \(notice.message)")
        case .applied(let plan, let duration):
            report.note("changed \(plan.relation) in \(HumanUnits.duration(duration))")
        }
    }
}

extension CommandContext {
    /// How policies are handled here: every schema of the data API should have files.
    func policyOptions(prunes: Bool) throws -> PolicyOptions {
        var options = PolicyOptions(toolVersion: WheelsDB.version)
        options.prunes = prunes
        if let configuration = try configuration() { options.exposedSchemas = configuration.apiSchemas }
        return options
    }
}
