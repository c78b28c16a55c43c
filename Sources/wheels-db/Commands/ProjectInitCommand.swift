import ArgumentParser
import Diagnostics
import Foundation

/// Sets a project up: the configuration, the folders, what git must not take.
struct ProjectInit: WheelsCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Set a project up: wheels-db.yml, the folders, .gitignore. Connects to nothing.",
        discussion: HelpText.discussion(
            """
            Reads supabase/config.toml (exposed schemas, refs of remotes) and render.yaml (services, names of variables) where \
            they are, and on a terminal asks for what is missing. Writes no secret, and nothing over a file that is there; \
            with --dry-run it prints the configuration and writes nothing.
            """,
            examples: "wheels-db init",
            "wheels-db init --staging abcdefghijklmnopqrst --production tsrqponmlkjihgfedcba --repository s3://backups/app"
        )
    )
    static let words = "init"
    @Option(help: ArgumentHelp("The ref of the staging project.", valueName: "ref")) var staging: String?
    @Option(help: ArgumentHelp("The ref of the production project; it will be protected.", valueName: "ref"))
    var production: String?
    @Option(help: ArgumentHelp("Where backups will go: a folder, or s3://bucket/prefix.", valueName: "place"))
    var repository: String?
    @Option(help: ArgumentHelp("Who can open backups; may be given again.", valueName: "age1…"))
    var recipient: [String] = []
    @Flag(help: "Print the configuration; write nothing.") var dryRun = false
    @OptionGroup var global: GlobalOptions

    struct Document: Encodable {
        let configuration: String
        let written: [String]
        let read: [String]
        let next: [String]
    }

    func run(in context: CommandContext) async throws {
        let folder = context.environment.workingDirectory
        let path = "\(folder)/\(ConfigurationFile.name)"
        guard dryRun || !FileManager.default.fileExists(atPath: path) else {
            throw CommandError(
                "init.exists", "\(path) is there already; nothing was changed.",
                remedy: Remedy("See what a new one would be:", command: "wheels-db init --dry-run"),
                failureClass: .refused)
        }
        var read: [String] = []
        let new = try gathered(from: folder, &read, in: context)
        // What is written must be what every other command can read.
        _ = try ConfigurationReader.read(new.text, file: ConfigurationFile.name)
        let files = NewProjectFiles(folder: folder)
        let plan = files.plan()
        if dryRun {
            return try context.report.result(
                Document(configuration: new.text, written: [], read: read, next: []), text: new.text)
        }
        try files.write(new.text, plan)
        let written =
            [ConfigurationFile.name] + plan.folders.map { $0 + "/" } + (plan.ignored.isEmpty ? [] : [".gitignore"])
        let next = Self.next(new)
        let sources = read.isEmpty ? "" : "Read \(read.joined(separator: " and ")).\n"
        try context.report.result(
            Document(configuration: new.text, written: written, read: read, next: next),
            text: "\(sources)Wrote \(written.joined(separator: ", ")).\n"
                + next.enumerated().map { "\($0.offset + 1). \($0.element)" }.joined(separator: "\n"))
    }

    private func gathered(
        from folder: String,
        _ read: inout [String],
        in context: CommandContext
    ) throws -> NewConfiguration {
        let supabase = Self.text("supabase/config.toml", in: folder, &read).map(SupabaseProjectFile.init)
        var blueprint: RenderBlueprint?
        if let text = Self.text("render.yaml", in: folder, &read) {
            do { blueprint = try RenderBlueprint(text) } catch {
                context.report.warning("render.yaml is no YAML that can be read, and is passed over: \(error)")
            }
        }
        let remotes = supabase?.remotes ?? [:]
        let staging = try ref(staging, "staging", found: remotes["staging"], in: context)
        let production = try ref(
            production, "production", found: remotes["production"] ?? remotes["prod"] ?? remotes["main"], in: context)
        if let staging, staging == production {
            throw CommandError(
                "init.same-ref", "Staging and production are the same project, \(staging).",
                remedy: Remedy("Give each its own ref: what is meant for staging would happen to production."))
        }
        var place = repository
        if place == nil, asks(context) {
            place = context.report.ask("Where will backups go (a folder, s3://bucket/prefix, empty for later)?")
        }
        return NewConfiguration(
            environments: [
                .init(name: "staging", ref: staging),
                .init(name: "production", ref: production, isProtected: true),
            ],
            schemas: supabase?.schemas ?? ["public"],
            services: blueprint?.services ?? [],
            repository: place.flatMap { $0.isEmpty ? nil : $0 },
            recipients: recipient)
    }

    private func asks(_ context: CommandContext) -> Bool {
        context.environment.isInteractive && !context.options.yes && !dryRun
    }

    /// A ref that was given, found, or is answered.
    private func ref(
        _ given: String?,
        _ name: String,
        found: String?,
        in context: CommandContext
    ) throws(CommandError) -> String? {
        var text = given ?? found
        if text == nil, asks(context) {
            text = context.report.ask("Ref of the \(name) project (twenty letters, empty for later)?")
        }
        guard let text, !text.isEmpty else { return nil }
        // Somebody may paste the URL, password and all: it is not repeated.
        guard text.utf8.count == 20, text.allSatisfy({ $0.isASCII && ($0.isLowercase || $0.isNumber) }) else {
            throw CommandError(
                "init.ref", "What was given for \(name) is no project ref: twenty small letters and digits.",
                remedy: Remedy("It stands in the project's address: https://supabase.com/dashboard/project/<ref>."))
        }
        return text
    }

    private static func text(_ name: String, in folder: String, _ read: inout [String]) -> String? {
        guard let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) else { return nil }
        read.append(name)
        return text
    }

    /// What to do next, in order.
    private static func next(_ new: NewConfiguration) -> [String] {
        let variables = new.environments.map(\.variable).joined(separator: " and ")
        let place = new.repository ?? "PLACE"
        return [
            "Set \(variables) to the connection strings (dashboard: Connect, Session pooler).",
            new.recipients.isEmpty
                ? "Make the backup repository: wheels-db repository init --repository \(place) --new-identity app.identity"
                : "Make the backup repository: wheels-db repository init --repository \(place)"
                    + new.recipients.map { " --recipient \($0)" }.joined() + " --writer-key app.writer-key",
            (new.repository == nil ? "Write that PLACE into wheels-db.yml (repository), then look" : "Look")
                + " whether all is well: wheels-db doctor",
            "See what would be applied: wheels-db migrate plan --env staging",
        ]
    }
}
