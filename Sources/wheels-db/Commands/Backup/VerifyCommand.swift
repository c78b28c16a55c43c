import ArchiveRepository
import ArgumentParser
import Diagnostics
import LogicalBackup
import OffPool

extension Backup {
    /// Verifies a backup.
    struct Verify: RepositoryCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Decrypt and decode every object of a backup, as a restore does.",
            discussion: HelpText.discussion(
                """
                Everything that is missing or damaged is found and named, with the tables and backups that it touches; then \
                it ends with 13. --sample reads a random part of the rows' objects, other ones each time, and still the \
                whole manifest, schema and keys: for a repository that costs money to read.
                """,
                examples: "wheels-db backup verify latest --repository /backups/app --identity app.identity",
                "wheels-db backup verify latest --sample 5% --repository s3://bucket/app --identity app.identity"
            )
        )
        static let words = "backup verify"
        @Argument(help: "A backup, the beginning of its name, or latest.") var backup = "latest"
        @OptionGroup var repository: RepositoryOptions
        @Option(
            help: ArgumentHelp(
                "Read a random part of the objects of rows: 5%, or 20 of them.",
                valueName: SampleOption.valueName), transform: SampleOption.parse)
        var sample: SampleSize?
        @OptionGroup var global: GlobalOptions
        var isNotified: Bool { true }

        struct Document: Encodable {
            let backup: String
            let whole: Bool
            let objects: Int
            let needed: Int
            let rows: Int
            let bytes: Int
            let storedBytes: Int
            let storedBytesRead: Int
            let problems: [ObjectProblem]
            let tables: [String]
            let untouched: [VerificationReport.Untouched]
            let findings: [Finding]

            enum CodingKeys: String, CodingKey {
                case backup, whole, objects, needed, rows, bytes, problems, tables, untouched, findings
                case storedBytes = "stored_bytes"
                case storedBytesRead = "stored_bytes_read"
            }
        }

        func run(in context: CommandContext) async throws {
            let place = try await repository.open(in: context)
            let reader = try await repository.reader(place, in: context)
            let selector = backup
            let manifest = try await offPool { try BackupCatalog(repository: place, access: reader).manifest(selector) }
            let verification = BackupVerification(reader: reader)
            let progress = context.progressHandler()
            let report = try await verification.verify(manifest, sample: sample ?? .all, onProgress: progress)
            if report.isWhole { try await note(manifest, place, in: context) }
            let marker = [place.markerDamage?.problem].compactMap(\.self)
            try context.report.result(Self.document(report, marker), text: Self.text(report))
            context.report.findings(report.findings)
            let failure = report.failureClass ?? ObjectProblem.failureClass(of: marker)
            if let failure { throw ExitCode(ExitStatus(failure).rawValue) }
        }

        private static func document(_ report: VerificationReport, _ marker: [ObjectProblem]) -> Document {
            Document(
                backup: report.backup,
                whole: report.isWhole,
                objects: report.objects,
                needed: report.needed,
                rows: report.rows,
                bytes: report.bytes,
                storedBytes: report.storedBytes,
                storedBytesRead: report.storedBytesRead,
                problems: report.problems + marker,
                tables: report.tables,
                untouched: report.untouched,
                findings: marker.map(\.finding) + report.findings
            )
        }

        private static func text(_ report: VerificationReport) -> String {
            let read = "\(HumanUnits.count(Int64(report.rows))) rows, \(HumanUnits.bytes(Int64(report.bytes)))"
            if !report.problems.isEmpty {
                let tables = report.tables.isEmpty ? "" : " It touches \(report.tables.joined(separator: ", "))."
                return "Backup \(report.backup) is NOT whole: \(report.problems.count) of what it needs is missing,"
                    + " damaged or closed.\(tables) Good are \(report.objects) of \(report.needed) objects, \(read)."
            }
            guard !report.isWhole else {
                return "Backup \(report.backup) is whole: \(report.objects) objects, \(read)."
            }
            let share = SampleOption.share(report.storedBytesRead, of: report.storedBytes)
            return "Backup \(report.backup): a sample of it is good, \(report.objects) of \(report.needed) objects with"
                + " \(share) of the stored bytes: \(read). The others are there, and were not read."
        }

        /// Notes it in the repository: the newest backup that was verified is never removed.
        private func note(_ manifest: BackupManifest, _ place: Repository, in context: CommandContext) async throws {
            guard let id = BackupID(manifest.backup) else { return }
            do {
                let records = try await repository.records(place, in: context)
                try await offPool { try MarkBoard(records: records).noteVerified(id, command: Self.words) }
            } catch let error as any ExplainedError {
                context.report.note("The backup is whole, which could not be noted in the repository: \(error.summary)")
            }
        }
    }
}
