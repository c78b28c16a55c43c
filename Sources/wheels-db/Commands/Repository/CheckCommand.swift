import ArchiveRepository
import ArgumentParser
import Diagnostics
import LogicalBackup
import OffPool

extension RepositoryGroup {
    /// Looks for everything that is wrong with a repository.
    struct Check: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Look for missing, damaged, foreign and forgotten objects, and say which backups they touch.",
            discussion: HelpText.discussion(
                """
                By default every object that a backup needs is read and its code checked: the writer key is enough for \
                that. --list-only compares names and lengths and reads no rows, which costs no egress. --read-data and \
                --sample decrypt and decode objects as a restore does; they take the identity. Ends with 13 when something \
                is damaged or missing, 2 when a person should look at something, 0 when all is sound.
                """,
                examples: "wheels-db repository check --repository /backups/app",
                "wheels-db repository check --list-only --sample 5% --identity app.identity"
            )
        )
        static let words = "repository check"
        @OptionGroup var repository: RepositoryOptions
        @Flag(help: "Compare names and lengths; read no object but manifests.") var listOnly = false
        @Flag(help: "Decrypt and decode every object, as a restore does.") var readData = false
        @Option(
            help: ArgumentHelp(
                "Decrypt and decode a random part of the objects: 5%, or 20 of them.",
                valueName: SampleOption.valueName), transform: SampleOption.parse)
        var sample: SampleSize?
        @OptionGroup var global: GlobalOptions

        struct Document: Encodable {
            let backups: Int
            let objects: Int
            let storedBytes: Int
            let checkedCodes: Int
            let opened: Int
            let openedBytes: Int
            let orphans: CheckReport.Orphans?
            let problems: [ObjectProblem]
            let findings: [Finding]
        }

        func validate() throws {
            if readData, sample != nil { throw ValidationError("--read-data and --sample exclude each other.") }
        }

        func run(in context: CommandContext) async throws {
            let place = try await repository.open(in: context)
            var depth = CheckDepth()
            depth.readsCodes = !listOnly
            depth.opens = readData ? .all : sample
            let reader = depth.opens != nil ? try await repository.reader(place, in: context) : nil
            let access: any DocumentAccess
            if let reader { access = reader } else { access = try await repository.documents(place, in: context) }
            let chosen = depth
            let progress = context.report.progress("check", unit: .steps)
            let report = try await offPool { () throws -> CheckReport in
                var open: RepositoryCheck.Opener?
                if let reader {
                    let opening = try ObjectOpening(reader: reader, backups: try place.backups())
                    open = { try opening.open($0) }
                }
                let records = SealedRecords(reading: access)
                let check = RepositoryCheck(records: records, index: ManifestIndex(access: access), open: open)
                return try check.run(
                    chosen,
                    onProgress: { progress.update(done: Int64($0), total: Int64($1), subject: "objects") }
                )
            }
            progress.finish()
            try context.report.result(Self.document(report), text: Self.text(report))
            context.report.findings(report.findings)
            if let failure = report.failureClass { throw ExitCode(ExitStatus(failure).rawValue) }
        }

        private static func document(_ report: CheckReport) -> Document {
            Document(
                backups: report.backups,
                objects: report.objects,
                storedBytes: report.storedBytes,
                checkedCodes: report.checkedCodes,
                opened: report.opened,
                openedBytes: report.openedBytes,
                orphans: report.orphans,
                problems: report.problems,
                findings: report.findings
            )
        }

        private static func text(_ report: CheckReport) -> String {
            var text = HumanUnits.counted(report.backups, "backup") + (report.backups == 1 ? " needs " : " need ")
            text += HumanUnits.counted(report.objects, "object")
            text += " of \(HumanUnits.bytes(Int64(report.storedBytes)))."
            text += " Codes checked: \(HumanUnits.count(Int64(report.checkedCodes)))."
            text += " Opened and decoded: \(HumanUnits.count(Int64(report.opened)))"
            text +=
                report.openedBytes == 0
                ? "." : " (\(SampleOption.share(report.openedBytes, of: report.storedBytes)) of the bytes were read)."
            switch report.failureClass {
            case .corrupt: text += " Something is damaged or missing."
            case .unsupportedVersion: text += " A newer wheels-db wrote some of it."
            case .findings: text += " There are findings."
            default: text += " The repository is sound."
            }
            return text
        }
    }
}
