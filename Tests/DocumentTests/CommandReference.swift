@testable import wheels_db

/// The page `docs/CLI.md`, made from what `wheels-db --experimental-dump-help` says.
struct CommandReference {
    /// The commands in words, such as `backup create`, in their order.
    let commands: [(words: String, command: CommandHelp.Command)]
    private let shared: [CommandHelp.Argument]

    /// Reads the whole tree; options that every command takes stand in one table.
    init(_ help: CommandHelp) {
        commands = help.leaves
        let lists = commands.map { $0.command.visibleArguments }
        shared = (lists.first ?? []).filter { argument in lists.allSatisfy { $0.contains(argument) } }
    }

    /// The page.
    var markdown: String {
        var text = """
            # Commands

            Made by `make manual` from the tool's own help; a test fails when it is stale. `wheels-db COMMAND --help` says
            the same, and `wheels-db --generate-completion-script zsh` (or `bash`, `fish`) prints a script for completion.

            ## Options of every command

            \(Self.table(shared))
            """
        for (words, command) in commands {
            text += "\n## wheels-db \(words)\n\n\(Self.escaped(command.abstract ?? ""))\n"
            let (prose, examples) = Self.parts(of: command.discussion ?? "")
            if !prose.isEmpty { text += "\n\(Self.escaped(prose))\n" }
            if !examples.isEmpty { text += "\n```sh\n\(examples)\n```\n" }
            let own = command.visibleArguments.filter { !shared.contains($0) }
            if !own.isEmpty { text += "\n\(Self.table(own))" }
        }
        return text + "\n## Exit codes\n\n" + Self.exitCodes
    }

    private static var exitCodes: String {
        let rows = wheels_db.ExitStatus.allCases.map { "| \($0.rawValue) | \($0.meaning) |\n" }
        return "| code | meaning |\n|---|---|\n" + rows.joined()
    }

    /// The words and the examples of a discussion; the exit codes stand in README.
    private static func parts(of discussion: String) -> (prose: String, examples: String) {
        let prose = HelpProse(discussion)
        return (prose.paragraphs.joined(separator: "\n\n"), prose.examples.joined(separator: "\n"))
    }

    private static func table(_ arguments: [CommandHelp.Argument]) -> String {
        let rows = arguments.map { argument in
            let preset = argument.defaultValue.map { " Default: `\($0)`." } ?? ""
            return "| `\(argument.usage)` | \(escaped(argument.abstract ?? ""))\(preset) |\n"
        }
        return "| option | meaning |\n|---|---|\n" + rows.joined()
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("<", with: "\\<")
    }
}
