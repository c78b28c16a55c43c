import DocumentTesting
import Foundation
import SQLText
import Yams

@testable import wheels_db

/// Whether a block that is not run is at least well-formed in its language.
enum FenceSyntax {
    /// What is wrong with a block; `nil` when nothing is.
    static func complaint(_ fence: MarkdownFence) async throws -> String? {
        switch fence.language {
        case "": "a block needs a language; text is one"
        case "text": nil
        case "sh": try await shell(fence.text)
        case "console": try await console(fence)
        case "crontab": try await crontab(fence.text)
        case "sql": sql(fence.text)
        case "json": json(fence.text)
        case "yaml": yaml(fence)
        case "swift": try await swift(fence.text)
        default: "nobody checks blocks of the language \(fence.language)"
        }
    }

    private static func shell(_ text: String) async throws -> String? {
        try await failure(of: Program("bash", ["-n"]), reading: text)
    }

    private static func console(_ fence: MarkdownFence) async throws -> String? {
        do {
            return try await shell(ConsoleTranscript(fence).script)
        } catch let error as ConsoleTranscript.OutputWithoutCommand {
            return error.description
        }
    }

    /// Five fields and a command; cron makes a line break of each `%` in it.
    private static func crontab(_ text: String) async throws -> String? {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            if line.wholeMatch(of: #/\w+=.*/#) != nil { continue }
            guard let match = line.wholeMatch(of: #/(?:[0-9*,\/-]+ +){5}(.+)/#) else {
                return "\(line) is not five fields and a command"
            }
            if match.1.contains("%") { return "cron makes a line break of % in \(line)" }
            if let complaint = try await shell(String(match.1)) { return complaint }
        }
        return nil
    }

    private static func sql(_ text: String) -> String? {
        do {
            return try StatementSplitter.split(text).isEmpty ? "there is no statement in it" : nil
        } catch {
            return error.summary
        }
    }

    private static func json(_ text: String) -> String? {
        do {
            _ = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// A block tagged `yaml wheels-db.yml` is read as the configuration is.
    private static func yaml(_ fence: MarkdownFence) -> String? {
        do {
            if fence.attributes.contains("wheels-db.yml") {
                _ = try ConfigurationReader.read(fence.text, file: fence.file)
            } else {
                _ = try Yams.compose(yaml: fence.text)
            }
            return nil
        } catch {
            return "\(error)"
        }
    }

    private static func swift(_ text: String) async throws -> String? {
        try await failure(of: Program("swiftc", ["-parse", "-"]), reading: text)
    }

    private static func failure(of program: Program, reading text: String) async throws -> String? {
        let result = try await program.run(input: text)
        return result.status == 0 ? nil : result.output
    }
}
