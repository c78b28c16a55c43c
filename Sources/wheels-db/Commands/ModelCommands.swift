import ArgumentParser
import Diagnostics
import LocalPostgres
import Migrations
import ModelGeneration
import PostgresClient

/// The group `wheels-db models`.
struct Models: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Keep the Swift models of tables and views what the database is.",
        discussion: HelpText.discussion(examples: "wheels-db models generate", "wheels-db models check"),
        subcommands: [Generate.self, Check.self]
    )

    /// Where the models are, and what they are made of.
    struct Source: ParsableArguments, Sendable {
        @Option(help: ArgumentHelp("The folder of the models.", valueName: "dir"))
        var models = "Sources/DataModels/Tables"

        @Option(help: ArgumentHelp("The folder of the migrations.", valueName: "dir"))
        var migrations = "migrations"

        @Option(
            name: .customLong("schema"), parsing: .singleValue,
            help: ArgumentHelp(
                "A schema whose tables get models; may be repeated. Default: api_schemas of wheels-db.yml, else public.",
                valueName: "name"))
        var schemas: [String] = []

        /// The models of the database that is named, else of one that the migrations make on a server of their own.
        func plan(in context: CommandContext) async throws -> ModelPlan {
            let schemas = try schemas.isEmpty ? context.configuration()?.apiSchemas ?? ["public"] : schemas
            guard context.options.env == nil, context.options.databaseURL == nil else {
                let target = try context.target(for: .reads, localServer: context.localSettings)
                return try await read(context.settings(of: target), schemas: schemas, in: context)
            }
            let folder = try MigrationFolder.read(migrations)
            let binaries = try await ServerBinaries.find(environment: context.environment.variables)
            context.report.detail("The models are those of \(folder.path), applied to a server that is removed again.")
            return try await withThrowawayServer(binaries: binaries) { server in
                try await server.createSupabaseDatabase(named: "models")
                let settings = server.settings(database: "models")
                let options = MigrationOptions(toolVersion: WheelsDB.version)
                _ = try await MigrationRunner(settings: settings, options: options).up(folder)
                return try await read(settings, schemas: schemas, in: context)
            }
        }

        private func read(
            _ settings: ConnectionSettings,
            schemas: [String],
            in context: CommandContext
        ) async throws -> ModelPlan {
            let session = try await Session.connect(
                to: settings, applicationName: "wheels-db/models", retry: context.retry)
            do {
                let plan = try await ModelPlan.read(session, schemas: schemas)
                await session.close()
                return plan
            } catch {
                await session.close()
                throw error
            }
        }
    }

    /// Writes the models.
    struct Generate: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "generate",
            abstract: "Write one Swift file a table or view, and one an enum type.",
            discussion: HelpText.discussion(
                """
                Without --env and --database-url the migrations are applied to an embedded server, so no database is \
                needed. Files that are right stay untouched; generated files of tables that are gone are removed; files \
                that were not generated are never changed.
                """,
                examples: "wheels-db models generate", "wheels-db models generate --dry-run",
                "wheels-db models generate --env staging --schema public --schema api"
            )
        )
        static let words = "models generate"
        @OptionGroup var source: Source
        @Flag(help: "Show what would be written and removed, and change nothing.") var dryRun = false
        @OptionGroup var global: GlobalOptions

        struct Document: Encodable {
            let written: [String]
            let removed: [String]
            let unchanged: Int
            let dryRun: Bool
        }

        func run(in context: CommandContext) async throws {
            let folder = try ModelFolder.read(source.models)
            let changes = try await source.plan(in: context).changes(to: folder)
            if !dryRun, !changes.isEmpty { try folder.apply(changes) }
            let document = Document(
                written: changes.written.map(\.name),
                removed: changes.removed,
                unchanged: changes.unchanged,
                dryRun: dryRun
            )
            let lines =
                changes.written.map { "write   \(folder.path)/\($0.name)" }
                + changes.removed.map { "remove  \(folder.path)/\($0)" }
            let end =
                "\(changes.written.count) written, \(changes.removed.count) removed, \(changes.unchanged) unchanged"
            let text = lines + [dryRun ? "\(end); nothing was changed (--dry-run)" : end]
            try context.report.result(document, text: text.joined(separator: "\n"))
        }
    }

    /// Compares the models with the database.
    struct Check: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "End with 2 when the models are not those of the migrations, or of a database.",
            discussion: HelpText.discussion(
                """
                Without --env and --database-url the models are compared with what the migrations make on an embedded \
                server. With one of them they are compared with that database, from which nothing but the catalog is read.
                """,
                examples: "wheels-db models check", "wheels-db models check --env production"
            )
        )
        static let words = "models check"
        @OptionGroup var source: Source
        @OptionGroup var global: GlobalOptions

        struct Document: Encodable {
            let files: Int
            let differences: [ModelDifference]
        }

        func run(in context: CommandContext) async throws {
            let folder = try ModelFolder.read(source.models)
            let plan = try await source.plan(in: context)
            let differences = plan.differences(from: folder)
            let document = Document(files: plan.files.count, differences: differences)
            var table = TextTable(.text("file"), .text("state"), .text("line"))
            for difference in differences {
                table.add(difference.file, difference.kind.rawValue, difference.line.map { String($0) } ?? "")
            }
            for difference in differences where !context.options.json { context.report.finding(difference.finding) }
            let text = differences.isEmpty ? "\(plan.files.count) files of models are up to date." : table.text
            try context.report.result(document, text: text)
            if !differences.isEmpty { throw ExitCode(ExitStatus.findings.rawValue) }
        }
    }
}
