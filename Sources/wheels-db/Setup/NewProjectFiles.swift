import Diagnostics
import Foundation

/// Writes what a project begins with, and nothing over what is there.
struct NewProjectFiles: Sendable {
    /// The project's folder.
    let folder: String

    /// The folders a project has.
    static let folders = ["migrations", "policies", "drills"]
    /// What must never be committed.
    static let ignored = [".env", ".env.*", "!.env.example", "*.identity", "*.writer-key", ".wheels/"]

    /// What would be made and what would be added to.
    struct Plan: Sendable, Equatable {
        var folders: [String] = []
        /// Lines that `.gitignore` lacks.
        var ignored: [String] = []
    }

    /// Looks what is missing.
    func plan() -> Plan {
        let files = FileManager.default
        let ignored = (try? String(contentsOfFile: "\(folder)/.gitignore", encoding: .utf8)) ?? ""
        let there = Set(ignored.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) })
        return Plan(
            folders: Self.folders.filter { !files.fileExists(atPath: "\(folder)/\($0)") },
            ignored: Self.ignored.filter { !there.contains($0) })
    }

    /// Writes the configuration, then the rest; of a file that cannot be written nothing else was begun.
    ///
    /// - Throws: ``CommandError`` with the path.
    func write(_ configuration: String, _ plan: Plan) throws(CommandError) {
        // Exclusive: a file that came meanwhile stays.
        try write(configuration, to: ConfigurationFile.name, options: .withoutOverwriting)
        for name in plan.folders {
            do {
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/\(name)", withIntermediateDirectories: false)
            } catch { throw Self.unwritable("\(folder)/\(name)") }
            // Git keeps no empty folder.
            try write("", to: "\(name)/.gitkeep", options: .withoutOverwriting)
        }
        guard !plan.ignored.isEmpty else { return }
        let old = (try? String(contentsOfFile: "\(folder)/.gitignore", encoding: .utf8)) ?? ""
        let gap = old.isEmpty || old.hasSuffix("\n") ? "" : "\n"
        try write(old + gap + plan.ignored.joined(separator: "\n") + "\n", to: ".gitignore", options: .atomic)
    }

    private func write(_ text: String, to name: String, options: Data.WritingOptions) throws(CommandError) {
        do { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"), options: options) } catch {
            throw Self.unwritable("\(folder)/\(name)")
        }
    }

    private static func unwritable(_ path: String) -> CommandError {
        CommandError(
            "init.unwritable", "\(path) cannot be written.",
            remedy: Remedy("Look whose it is: ls -ld \(path)"), failureClass: .permission)
    }
}
