import Foundation

/// A user's crontab: five fields and a command in a line, and variables.
struct CrontabFile: Sendable {
    struct Line: Sendable {
        let fields: [String]
        let command: String
    }

    /// A line that cron would not take.
    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    private(set) var variables: [String: String] = [:]
    private(set) var lines: [Line] = []

    init(_ text: String) throws {
        for line in text.split(separator: "\n") where !line.allSatisfy(\.isWhitespace) && line.first != "#" {
            if let match = line.wholeMatch(of: #/([A-Z]+)=(\S+)/#) {
                variables[String(match.1)] = String(match.2)
                continue
            }
            let words = line.split(separator: #/\s+/#, maxSplits: 5)
            guard words.count == 6 else { throw Unreadable(description: String(line)) }
            try Self.check(words.prefix(5).map(String.init))
            lines.append(Line(fields: words.prefix(5).map(String.init), command: try Self.command(words[5])))
        }
    }

    /// Checks the five fields: a star, or a number in the field's bounds.
    static func check(_ fields: [String]) throws {
        let bounds = [0...59, 0...23, 1...31, 1...12, 0...7]
        guard fields.count == 5 else { throw Unreadable(description: "\(fields)") }
        for (field, bounds) in zip(fields, bounds) where field != "*" {
            guard let number = Int(field), bounds.contains(number) else {
                throw Unreadable(description: "\(field) in \(fields)")
            }
        }
    }

    /// A percent sign ends the command, unless a backslash stands before it, which cron takes away.
    private static func command(_ text: Substring) throws -> String {
        let command = String(text).replacing("\\%", with: "\u{0}")
        guard !command.contains("%") else { throw Unreadable(description: "a percent sign in \(text)") }
        return command.replacing("\u{0}", with: "%")
    }
}
