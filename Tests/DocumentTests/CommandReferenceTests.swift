import ArgumentParser
import DocumentTesting
import Foundation
import Testing

@testable import wheels_db

@Suite("Reference of the commands")
struct CommandReferenceTests {
    private let path = "\(RepositoryTree.root)/docs/CLI.md"

    @Test func `docs/CLI.md says what the help says`() async throws {
        let page = try await Self.reference().markdown
        if ProcessInfo.processInfo.environment["WHEELS_WRITE_MANUAL"] == "1" {
            try page.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let committed = try String(contentsOfFile: path, encoding: .utf8)
        #expect(committed == page, "docs/CLI.md is stale: make manual writes it anew.")
    }

    @Test func `every command has its chapter`() async throws {
        let reference = try await Self.reference()
        let page = reference.markdown
        for words in Self.commands(of: WheelsDB.self, path: []) {
            #expect(page.contains("\n## wheels-db \(words)\n"), "\(words)")
            #expect(reference.commands.contains { $0.words == words }, "\(words)")
        }
    }

    @Test func `a changed option makes another page`() throws {
        func page(_ option: String) throws -> String {
            let json = """
                {"command": {"commandName": "x", "shouldDisplay": true, "subcommands": [
                  {"commandName": "a", "abstract": "Does a.", "shouldDisplay": true, "arguments": [
                    {"kind": "flag", "names": [{"kind": "long", "name": "all"}], "abstract": "All.",
                     "isOptional": true, "isRepeating": false, "shouldDisplay": true}]},
                  {"commandName": "b", "shouldDisplay": true, "discussion": "More.\\n\\nEXAMPLES\\n  x b\\n\\nEXIT CODES",
                   "arguments": [
                    {"kind": "flag", "names": [{"kind": "long", "name": "all"}], "abstract": "All.",
                     "isOptional": true, "isRepeating": false, "shouldDisplay": true},
                    {"kind": "option", "names": [{"kind": "long", "name": "\(option)"}], "valueName": "n",
                     "defaultValue": "2", "isOptional": true, "isRepeating": false, "shouldDisplay": true}]}]}}
                """
            return CommandReference(try JSONDecoder().decode(CommandHelp.self, from: Data(json.utf8))).markdown
        }
        let first = try page("jobs")
        #expect(try first != page("workers"))
        #expect(first.contains("| `--jobs <n>` |  Default: `2`. |"))
        #expect(first.contains("\n## wheels-db b\n\n\n\nMore.\n\n```sh\nx b\n```\n"))
        #expect(first.components(separatedBy: "--all").count == 2)
    }

    private static func reference() async throws -> CommandReference {
        let result = try await Program("\(DocumentShell.programs)/wheels-db", ["--experimental-dump-help"]).run()
        #expect(result.status == 0)
        return CommandReference(try JSONDecoder().decode(CommandHelp.self, from: Data(result.output.utf8)))
    }

    private static func commands(of command: any ParsableCommand.Type, path: [String]) -> [String] {
        let children = command.configuration.subcommands.filter { $0.configuration.shouldDisplay }
        if children.isEmpty { return [path.joined(separator: " ")] }
        return children.flatMap { commands(of: $0, path: path + [$0.configuration.commandName ?? "?"]) }
    }
}
