import ArgumentParser
import Diagnostics

/// Looks at everything that commands will need, before one of them fails at night.
struct Doctor: WheelsCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at all that the other commands need: one line each, with what to do.",
        discussion: HelpText.discussion(
            """
            Looks at the configuration, the programs on this machine, every database whose variable is set (version, address, \
            TLS, pooler, role, free slots, size, clock, protection, whether two environments are one database), the \
            repository (answers, clock, keys, can be written to) and the addresses of notifications. Changes nothing; in the \
            repository it puts a claim and takes it back, as every run does.

            Ends with 0 when nothing is wrong, 2 when something is.
            """,
            examples: "wheels-db doctor", "wheels-db doctor --env production --json"
        )
    )
    static let words = "doctor"
    @OptionGroup var repository: RepositoryOptions
    @Option(help: "Sessions that a backup would read rows with.") var jobs = 2
    @OptionGroup var global: GlobalOptions

    struct Document: Encodable {
        let healthy: Bool
        let problems: Int
        let warnings: Int
        let lines: [DoctorLine]
    }

    func run(in context: CommandContext) async throws {
        async let stored = RepositoryExamination(options: repository, context: context).lines()
        let databases = await DatabasesExamination(context: context, jobs: jobs).outcome()
        let machine = await MachineExamination(context: context).lines(newestServer: databases.newestServer)
        let lines = machine + databases.lines + (await stored) + notifications(in: context)
        try Task.checkCancellation()
        let problems = lines.count { $0.state == .problem }
        let warnings = lines.count { $0.state == .warning }
        let verdict =
            problems == 0
            ? "Nothing is wrong\(warnings == 0 ? "." : "; \(Self.count(warnings, "warning")).")"
            : "\(Self.count(problems, "problem")), \(Self.count(warnings, "warning"))."
        try context.report.result(
            Document(healthy: problems == 0, problems: problems, warnings: warnings, lines: lines),
            text: (lines.map(\.text) + [verdict]).joined(separator: "\n"))
        if problems > 0 { throw ExitCode(ExitStatus.findings.rawValue) }
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    /// Addresses and programs that nobody could tell.
    private func notifications(in context: CommandContext) -> [DoctorLine] {
        guard let configuration = try? context.configuration() else { return [] }
        guard !configuration.notifications.isEmpty else {
            return [
                .warning(
                    "notifications", "notifications", "Nobody is told when a run fails.",
                    "Write notifications into \(configuration.file).")
            ]
        }
        return configuration.notifications.map { receiver in
            switch receiver.receiver {
            case .command(let words):
                if let path = NotificationCommand(words, in: context.environment, configuration).path {
                    return .ok("notifications", "notifications", "\(path) can be run.")
                }
                return .warning(
                    "notifications", "notifications", "There is no program \(words[0]): nobody is told by it.",
                    "Install it where runs are made, or correct its path in \(configuration.file).")
            case .url(let variable):
                if context.environment[variable] != nil {
                    return .ok("notifications", "notifications", "\(variable) is set (\(receiver.shape.rawValue)).")
                }
                return .warning(
                    "notifications", "notifications", "\(variable) is not set: nobody is told there.",
                    "Set \(variable) where runs are made.")
            }
        }
    }
}
