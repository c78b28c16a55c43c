import ArgumentParser
import Diagnostics
import Foundation
import ProjectHealth

/// Which values of environment variables go into a backup.
struct EnvironmentValueOptions: ParsableArguments, Sendable {
    @Flag(
        help: ArgumentHelp(
            "Seal the values of the variables that wheels-db.yml requires, as they are set here, for whoever holds the identity."
        ))
    var withValues = false
    @Option(help: ArgumentHelp("Seal the variables of this file too.", valueName: "file"))
    var dotenv: String?

    /// The values that were asked for.
    ///
    /// - Parameters:
    ///   - required: The names that the configuration requires.
    ///   - context: What the command works with.
    /// - Returns: The values by name; `nil` when none were asked for.
    /// - Throws: ``CommandError`` when a file cannot be read, or when nothing that was asked for is set: a backup that
    ///   holds no value must not look like one that does.
    func values(of required: [String]?, in context: CommandContext) throws -> [String: String]? {
        guard withValues || dotenv != nil else { return nil }
        var values: [String: String] = [:]
        if withValues {
            guard let required, !required.isEmpty else {
                throw CommandError(
                    "env.no-rules", "--with-values takes the variables of required_variables, and there are none.",
                    remedy: Remedy("Write them into wheels-db.yml, or name a file with --dotenv."))
            }
            for name in required { values[name] = context.environment.variables[name] }
            let unset = required.filter { values[$0] == nil }
            guard unset.count < required.count else {
                throw CommandError(
                    "env.missing", "None of the variables that wheels-db.yml requires is set here.",
                    remedy: Remedy("Run it where they are set, or name a file with --dotenv."))
            }
            if !unset.isEmpty {
                context.report.warning("Not set here, so not in the backup: \(unset.joined(separator: ", ")).")
            }
        }
        if let dotenv {
            let file = try DotenvFile.read(dotenv, in: context)
            for finding in file.findings { context.report.finding(finding) }
            values.merge(file.variables) { _, given in given }
        }
        return values
    }
}

extension DotenvFile {
    /// Reads a file that an option named.
    static func read(_ name: String, in context: CommandContext) throws -> DotenvFile {
        guard let bytes = FileManager.default.contents(atPath: context.environment.absolutePath(name)) else {
            throw CommandError(
                "env.file-missing", "The file \(name) cannot be read.",
                remedy: Remedy("Name an existing file with --dotenv."))
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandError("env.unreadable", "The file \(name) is no UTF-8 text.")
        }
        return try DotenvFile(text, file: name)
    }
}
