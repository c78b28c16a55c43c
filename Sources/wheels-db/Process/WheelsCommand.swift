import ArgumentParser

/// A command of ours: options, one library call, one report.
protocol WheelsCommand: ParsableCommand, Sendable {
    /// The options that every command takes.
    var global: GlobalOptions { get }
    /// The command in words, such as `backup create`.
    static var words: String { get }
    /// Whether the addresses under `notifications` in the configuration are told of its runs.
    var isNotified: Bool { get }
    /// Does the work.
    func run(in context: CommandContext) async throws
}

/// A command that works on a backup repository.
protocol RepositoryCommand: WheelsCommand {
    /// Where the repository is, and the keys to it.
    var repository: RepositoryOptions { get }
}

extension WheelsCommand {
    var isNotified: Bool { false }
}

/// The text that ends every `--help`.
enum HelpText {
    /// What a command does in more words, examples and the exit codes.
    static func discussion(_ text: String = "", examples: String...) -> String {
        var parts: [String] = []
        if !text.isEmpty { parts.append(text) }
        if !examples.isEmpty { parts.append("EXAMPLES\n" + examples.map { "  \($0)" }.joined(separator: "\n")) }
        parts.append(ExitStatus.table)
        return parts.joined(separator: "\n\n")
    }
}
