@testable import wheels_db

/// The page `docs/CLI.md`, made from what `wheels-db --experimental-dump-help` says.
struct CommandReference {
    /// The commands in words, such as `backup create`, in their order.
    let commands: [(words: String, command: Help.Command)]
    private let shared: [Help.Argument]

    /// Reads the whole tree; options that every command takes stand in one table.
    init(_ help: Help) {
        commands = Self.leaves(help.command, path: [])
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

    private static func leaves(_ command: Help.Command, path: [String]) -> [(words: String, command: Help.Command)] {
        let children = (command.subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
        if children.isEmpty { return [(path.joined(separator: " "), command)] }
        return children.flatMap { leaves($0, path: path + [$0.commandName]) }
    }

    /// The words and the examples of a discussion; the exit codes stand in README.
    private static func parts(of discussion: String) -> (prose: String, examples: String) {
        let blocks = discussion.split(separator: "\n\n").filter { !$0.hasPrefix("EXIT CODES") }
        let examples = blocks.filter { $0.hasPrefix("EXAMPLES\n") }.map { $0.dropFirst("EXAMPLES\n".count) }
        let lines = examples.joined(separator: "\n").split(separator: "\n").map { $0.trimmingPrefix("  ") }
        let prose = blocks.filter { !$0.hasPrefix("EXAMPLES\n") }.joined(separator: "\n\n")
        return (prose, lines.joined(separator: "\n"))
    }

    private static func table(_ arguments: [Help.Argument]) -> String {
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

/// What `--experimental-dump-help` prints, as far as the page needs it.
struct Help: Decodable {
    struct Command: Decodable {
        let commandName: String
        let abstract: String?
        let discussion: String?
        let shouldDisplay: Bool
        let arguments: [Argument]?
        let subcommands: [Command]?

        var visibleArguments: [Argument] {
            (arguments ?? []).filter { $0.shouldDisplay && !["help", "version"].contains($0.valueName) }
        }
    }

    struct Argument: Decodable, Hashable {
        struct Name: Decodable, Hashable {
            let kind: String
            let name: String
        }

        let kind: String
        let names: [Name]?
        let valueName: String?
        let abstract: String?
        let defaultValue: String?
        let isOptional: Bool
        let isRepeating: Bool
        let shouldDisplay: Bool

        /// How it is written, such as `-q, --quiet` or `--jobs <jobs>`.
        var usage: String {
            let value = "<\(valueName ?? "value")>" + (isRepeating ? " …" : "")
            guard kind != "positional" else { return isOptional ? "[\(value)]" : value }
            let words = (names ?? []).map { $0.kind == "long" ? "--\($0.name)" : "-\($0.name)" }
            return words.joined(separator: ", ") + (kind == "option" ? " \(value)" : "")
        }
    }

    let command: Command
}
