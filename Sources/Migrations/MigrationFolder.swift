public import Diagnostics
import FoundationEssentials
import SQLText

/// The migrations of a folder, parsed and in order.
public struct MigrationFolder: Sendable, Hashable {
    /// The folder as the user gave it.
    public let path: String
    /// The migrations by version.
    public let files: [MigrationFile]
    /// What is odd about the folder and does not stop a run, such as a file whose name is of another form.
    public let findings: [Finding]

    /// A folder from its parts.
    ///
    /// - Parameters:
    ///   - path: The folder as the user gave it.
    ///   - files: The migrations.
    ///   - findings: What is odd.
    public init(path: String, files: [MigrationFile], findings: [Finding] = []) {
        self.path = path
        self.files = files.sorted { $0.fileName < $1.fileName }
        self.findings = findings
    }

    /// Reads and parses every migration of a folder.
    ///
    /// Files that begin with a dot, files of other kinds and folders are passed over.
    ///
    /// - Parameter path: The folder.
    /// - Returns: The migrations in order.
    /// - Throws: ``MigrationError``: no such folder; two files of one version; or files that are no UTF-8 or no SQL,
    ///   with a finding for each of them.
    public static func read(_ path: String) throws(MigrationError) -> MigrationFolder {
        let listing = try list(path)
        if let error = duplicates(listing.names, in: path) { throw error }
        var files: [MigrationFile] = []
        var problems: [Finding] = []
        for name in listing.names {
            let file = path.hasSuffix("/") ? "\(path)\(name)" : "\(path)/\(name)"
            do throws(UnusableFile) {
                files.append(try load(file, name))
            } catch {
                problems.append(error.finding)
            }
        }
        guard problems.isEmpty else { throw MigrationError.unreadable(problems) }
        return MigrationFolder(path: path, files: files, findings: listing.findings)
    }

    /// The names of a folder's migrations, without reading the files.
    static func list(_ path: String) throws(MigrationError) -> (names: [MigrationFileName], findings: [Finding]) {
        let entries: [String]
        do {
            entries = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            throw MigrationError.noFolder(path)
        }
        var names: [MigrationFileName] = []
        var findings: [Finding] = []
        for entry in entries where !entry.hasPrefix(".") {
            guard entry.hasSuffix(".sql") else {
                if MigrationFileName(stem(of: entry) + ".sql")?.isTimestamp == true {
                    findings.append(.otherSuffix(entry))
                }
                continue
            }
            guard let name = MigrationFileName(entry) else {
                findings.append(.otherName(entry))
                continue
            }
            if MigrationText.isFolder("\(path)/\(entry)") {
                findings.append(.folder(entry))
                continue
            }
            if !name.isTimestamp { findings.append(.noTimestamp(entry)) }
            names.append(name)
        }
        return (names.sorted(), findings)
    }

    private static func stem(of entry: String) -> String { String(entry.prefix { $0 != "." }) }

    private static func duplicates(_ names: [MigrationFileName], in path: String) -> MigrationError? {
        let pairs = zip(names, names.dropFirst()).filter { $0.version == $1.version }
        guard !pairs.isEmpty else { return nil }
        return MigrationError.duplicateVersions(
            pairs.map { first, second in
                Finding(
                    code: "migration.duplicate", severity: .error, subject: first.version,
                    message: "\(first) and \(second) have the same version.",
                    remedy: Remedy("Give one of them a later version: rename the file that is not applied anywhere."))
            })
    }

    private static func load(_ path: String, _ name: MigrationFileName) throws(UnusableFile) -> MigrationFile {
        let text = try MigrationText.read(path, name)
        do throws(SQLSyntaxError) {
            return try MigrationFile(path: path, fileName: name, text: text)
        } catch {
            throw UnusableFile(
                finding: Finding(
                    code: "migration.syntax", severity: .error, subject: "\(name)", message: "\(error.message).",
                    span: error.span, remedy: error.remedy))
        }
    }
}

extension Finding {
    fileprivate static func otherName(_ entry: String) -> Finding {
        Finding(
            code: "migration.name", severity: .warning, subject: entry,
            message: "\(entry) is passed over: its name is not <14 digits>_<name>.sql.",
            remedy: Remedy("Rename it, or move it out of the folder."))
    }

    fileprivate static func otherSuffix(_ entry: String) -> Finding {
        Finding(
            code: "migration.suffix", severity: .warning, subject: entry,
            message: "\(entry) is passed over: its name begins as a migration's does, but does not end in .sql.",
            remedy: Remedy("Rename it, or move it out of the folder."))
    }

    fileprivate static func folder(_ entry: String) -> Finding {
        Finding(
            code: "migration.folder", severity: .warning, subject: entry,
            message: "\(entry) is passed over: it is a folder.",
            remedy: Remedy("Move its files up, or rename the folder."))
    }

    fileprivate static func noTimestamp(_ entry: String) -> Finding {
        Finding(
            code: "migration.version-digits", severity: .note, subject: entry,
            message: "The version of \(entry) is no timestamp of 14 digits. Versions are ordered as text, so 10 comes "
                + "before 9.")
    }
}
