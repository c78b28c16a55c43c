import Diagnostics
import SQLText

/// The findings of a plan: one sentence and one remedy each.
extension Finding {
    static func edited(_ file: MigrationFile, _ entry: LedgerEntry) -> Finding {
        let place = entry.difference(from: file)
        return Finding(
            code: "migration.edited", severity: .error, subject: "\(file.fileName)",
            message: "\(file.fileName) was edited after it was applied: \(place.sentence).", span: place.span,
            remedy: Remedy(
                "Restore the text that ran (git log shows it, and so does the ledger's column statements), "
                    + "and put the change into a new migration:",
                command: "wheels-db migrate new NAME"))
    }

    static func reformatted(_ file: MigrationFile) -> Finding {
        Finding(
            code: "migration.reformatted", severity: .note, subject: "\(file.fileName)",
            message: "\(file.fileName) differs from what was applied in layout or comments only.")
    }

    static func renamed(_ file: MigrationFile, from name: String) -> Finding {
        Finding(
            code: "migration.renamed", severity: .note, subject: "\(file.fileName)",
            message: "Version \(file.version) was applied under the name \(name).")
    }

    static func outOfOrder(_ file: MigrationFile, newest: String, isAllowed: Bool) -> Finding {
        Finding(
            code: "migration.out-of-order", severity: isAllowed ? .note : .error, subject: "\(file.fileName)",
            message: "\(file.fileName) is not applied, but the later version \(newest) is.",
            remedy: isAllowed
                ? nil
                : Remedy(
                    "Give the file a version after \(newest), or apply it out of order:",
                    command: "wheels-db migrate up --include-out-of-order"))
    }

    static func missingFile(_ entry: LedgerEntry, twin: MigrationFile?) -> Finding {
        let name = MigrationFileName(version: entry.version, name: entry.name ?? "")
        guard let twin else {
            return Finding(
                code: "migration.missing-file", severity: .error, subject: entry.version,
                message: "Version \(entry.version)\(entry.label) is applied, but the folder has no file for it.",
                remedy: Remedy(
                    "Restore the file from version control, or pull the branch that holds it. Its statements are in "
                        + "supabase_migrations.schema_migrations."))
        }
        return Finding(
            code: "migration.other-version", severity: .error, subject: entry.version,
            message: "\(twin.fileName) is applied under the version \(entry.version).",
            remedy: Remedy("Rename the file.", command: "git mv \(twin.path) \(twin.folder)\(name)"))
    }
}

extension MigrationFile {
    /// The path up to the last slash.
    fileprivate var folder: String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }
}

extension LedgerEntry {
    fileprivate var label: String { name.map { $0.isEmpty ? "" : " (\($0))" } ?? "" }

    /// What differs from what ran, and where.
    fileprivate func difference(from file: MigrationFile) -> (sentence: String, span: SourceSpan?) {
        let ran = statements?.count ?? 0
        let index = firstDifference(from: file)
        guard index < file.up.count else {
            let sentence = "\(ran) statements ran, and it holds \(file.up.count)"
            return (sentence, file.span(utf8Offset: file.up.last?.utf8Range.upperBound ?? 0))
        }
        let span = file.span(utf8Offset: file.up[index].utf8Range.lowerBound)
        return (index < ran ? "statement \(index + 1) differs" : "statement \(index + 1) is new", span)
    }
}
