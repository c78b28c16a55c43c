import ArgumentParser
import Foundation

/// The tree of commands with their options, as the argument parser dumps it, as far as manuals need it.
struct CommandHelp: Decodable {
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

        /// The subcommands that people see.
        var children: [Command] { (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" } }
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

    /// The commands that do something, in words such as `backup create`, in their order.
    var leaves: [(words: String, command: Command)] { Self.leaves(command, path: []) }

    /// The tree of this program.
    static func ofProgram() throws -> CommandHelp {
        try JSONDecoder().decode(CommandHelp.self, from: Data(WheelsDB._dumpHelp().utf8))
    }

    private static func leaves(_ command: Command, path: [String]) -> [(words: String, command: Command)] {
        if command.children.isEmpty { return [(path.joined(separator: " "), command)] }
        return command.children.flatMap { leaves($0, path: path + [$0.commandName]) }
    }
}

/// What a command's help says beside its options, taken apart.
struct HelpProse {
    /// The paragraphs.
    let paragraphs: [String]
    /// The command lines of its examples.
    let examples: [String]

    /// - Parameter discussion: The help's text, which ends with examples and exit codes.
    init(_ discussion: String) {
        let blocks = discussion.split(separator: "\n\n").filter { !$0.hasPrefix("EXIT CODES") }
        paragraphs = blocks.filter { !$0.hasPrefix("EXAMPLES\n") }.map(String.init)
        let shown = blocks.filter { $0.hasPrefix("EXAMPLES\n") }.map { $0.dropFirst("EXAMPLES\n".count) }
        examples = shown.joined(separator: "\n").split(separator: "\n").map { String($0.trimmingPrefix("  ")) }
    }
}
