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

    /// A command and how it is called, without the program's name.
    typealias Named = (words: String, command: Command)

    let command: Command

    /// The commands that do something, in words such as `backup create`, in their order.
    var leaves: [Named] { Self.all(command, path: []).filter { $0.command.children.isEmpty } }

    /// The commands that only hold others, such as `backup`; without the program itself.
    var groups: [Named] { Self.all(command, path: []).filter { !$0.command.children.isEmpty && !$0.words.isEmpty } }

    /// The tree of this program.
    static func ofProgram() throws -> CommandHelp {
        try JSONDecoder().decode(CommandHelp.self, from: Data(WheelsDB._dumpHelp().utf8))
    }

    private static func all(_ command: Command, path: [String]) -> [Named] {
        let inner = command.children.flatMap { all($0, path: path + [$0.commandName]) }
        return [(path.joined(separator: " "), command)] + inner
    }
}

/// What a command's help says beside its options, taken apart.
struct HelpProse {
    /// The paragraphs.
    let paragraphs: [String]
    /// The command lines of its examples.
    let examples: [String]

    /// - Parameter discussion: The help's text; lines that say `EXAMPLES` and `EXIT CODES` head its last parts.
    init(_ discussion: String) {
        let lines = discussion.split(separator: "\n", omittingEmptySubsequences: false)
        let words = lines.prefix { $0 != "EXAMPLES" && $0 != "EXIT CODES" }.joined(separator: "\n")
        paragraphs = words.split(separator: "\n\n").map { $0.trimmingCharacters(in: .newlines) }.filter { !$0.isEmpty }
        let shown = lines.drop { $0 != "EXAMPLES" }.dropFirst().prefix { $0 != "EXIT CODES" && !$0.isEmpty }
        examples = shown.map { String($0.trimmingPrefix("  ")) }
    }
}
