import ArchiveRepository
import ArgumentParser
import CatalogInspection
import Diagnostics
import Foundation
import LogicalBackup
import OffPool

extension Backup {
    /// A backup as lists show it.
    struct ListEntry: Encodable {
        let backup: String
        let snapshotAt: Date
        let database: String
        let rows: Int
        let tables: Int
        /// Bytes that the run received from the server.
        let bytesReceived: Int
        let bytesStored: Int
        /// When it was deleted; nothing for one that was not.
        let deletedAt: Date?
        /// When every object of it was last found whole.
        let verifiedAt: Date?

        init(_ manifest: BackupManifest, marks: BackupMarks? = nil) {
            backup = manifest.backup
            snapshotAt = manifest.snapshotAt
            database = manifest.source.name
            rows = manifest.rows
            tables = manifest.tables.count
            bytesReceived = manifest.surroundings.bytesReceived
            bytesStored = manifest.bytesStored
            deletedAt = marks?.deletedAt
            verifiedAt = marks?.verifiedAt
        }

        /// What a person should know of it beside its numbers.
        var state: String {
            if let deletedAt { return "deleted \(deletedAt.formatted(.iso8601))" }
            return verifiedAt.map { "verified \($0.formatted(.iso8601))" } ?? ""
        }
    }

    /// Lists backups.
    struct List: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the backups, oldest first. Takes the writer key or the identity.",
            discussion: HelpText.discussion(
                "A backup whose manifest is damaged is named beside the others, and the command ends with 13. Deleted "
                    + "backups are shown with --all; `backup undelete` brings them back.",
                examples: "wheels-db backup list --repository /backups/app"
            )
        )
        static let words = "backup list"
        @OptionGroup var repository: RepositoryOptions
        @Flag(help: "Show deleted backups too.") var all = false
        @OptionGroup var global: GlobalOptions

        struct Document: Encodable {
            let backups: [ListEntry]
            let findings: [Finding]
        }

        func run(in context: CommandContext) async throws {
            let place = try await repository.open(in: context)
            let access = try await repository.documents(place, in: context)
            let (listing, marks) = try await offPool {
                (
                    try BackupCatalog(repository: place, access: access).listing(),
                    try MarkBoard(records: SealedRecords(reading: access)).read().marks
                )
            }
            let entries = listing.manifests.map { manifest in
                ListEntry(manifest, marks: BackupID(manifest.backup).flatMap { marks[$0] })
            }
            let shown = entries.filter { all || $0.deletedAt == nil }
            var table = TextTable(
                .text("backup"), .text("database"), .number("tables"), .number("rows"), .number("stored"),
                .text("state")
            )
            for entry in shown {
                table.add(
                    entry.backup,
                    entry.database,
                    String(entry.tables),
                    HumanUnits.count(Int64(entry.rows)),
                    HumanUnits.bytes(Int64(entry.bytesStored)),
                    entry.state
                )
            }
            context.report.findings(listing.findings)
            let hidden = entries.count - shown.count
            if hidden > 0 {
                let words = HumanUnits.counted(hidden, "deleted backup") + (hidden == 1 ? " is" : " are")
                context.report.note("\(words) not shown; --all shows them.")
            }
            try context.report.result(Document(backups: shown, findings: listing.findings), text: table.text)
            if let failure = listing.failureClass { throw ExitCode(ExitStatus(failure).rawValue) }
        }
    }
}
