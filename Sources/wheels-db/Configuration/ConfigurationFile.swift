import Diagnostics
import FoundationEssentials

/// Finds `wheels-db.yml` and reads it.
enum ConfigurationFile {
    static let name = "wheels-db.yml"

    /// The paths where a configuration may lie, nearest first: from the working directory up to the repository's root.
    ///
    /// Outside a repository only the working directory counts, so that a file that somebody left in `/tmp` is not used.
    static func candidates(from directory: String, isRepositoryRoot: (String) -> Bool) -> [String] {
        var paths: [String] = []
        var current = directory
        while true {
            paths.append(current == "/" ? "/\(name)" : "\(current)/\(name)")
            if isRepositoryRoot(current) { return paths }
            guard current != "/", let slash = current.lastIndex(of: "/") else { return Array(paths.prefix(1)) }
            current = slash == current.startIndex ? "/" : String(current[..<slash])
        }
    }

    /// Reads the file that `--config` names, else the nearest one, else nothing.
    ///
    /// - Throws: ``CommandError`` when the named file is missing or the file is wrong.
    static func load(named path: String?, in directory: String) throws(CommandError) -> Configuration? {
        if let path {
            let text = try read(path)
            return try ConfigurationReader.read(text, file: path)
        }
        let manager = FileManager.default
        let paths = candidates(from: directory) { manager.fileExists(atPath: "\($0)/.git") }
        guard let found = paths.first(where: { manager.fileExists(atPath: $0) }) else { return nil }
        let shown = found == paths.first ? name : found
        return try ConfigurationReader.read(try read(found), file: shown)
    }

    private static func read(_ path: String) throws(CommandError) -> String {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw CommandError(
                "config.missing",
                "The configuration \(path) cannot be read.",
                remedy: Remedy("Name an existing file with --config, or leave the option out."),
                failureClass: .usage
            )
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandError("config.unreadable", "The configuration \(path) is no UTF-8 text.")
        }
        return text
    }
}
