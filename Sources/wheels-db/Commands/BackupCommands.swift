import ArchiveRepository
import ArgumentParser
import CatalogInspection
import Diagnostics
import Foundation
import LocalPostgres
import LogicalBackup
import OffPool
import SealedStreams

/// The group `wheels-db backup`.
struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Compressed, encrypted, verified backups of a database.",
        discussion: HelpText.discussion(
            examples: "wheels-db backup create --repository /backups/app --env production",
            "wheels-db backup verify latest --repository /backups/app --identity app.identity"
        ),
        subcommands: [Create.self, List.self, Show.self, Verify.self, Check.self, Prune.self, Undelete.self]
    )

    /// Makes a backup.
    struct Create: RepositoryCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Make a backup: everything a restore needs, in one snapshot.",
            discussion: HelpText.discussion(
                """
                Every backup is a complete restore point. Only pages that were written to since the last one are read; what \
                has not changed is referred to. Where it cannot be told from the server alone (it was restarted, crashed, or \
                put back from a disk), the server compares contents. Once a week everything is read.
                """,
                examples: "wheels-db backup create --repository /backups/app --database-url \"$DATABASE_URL\"",
                "wheels-db backup create --env production --full",
                "wheels-db backup create --env production --with-values"
            )
        )
        static let words = "backup create"
        @OptionGroup var repository: RepositoryOptions
        @Option(help: "Sessions that read rows at the same time; fewer when slots are scarce.") var jobs = 2
        @Flag(help: "Read every row, and check what is stored already before it is used again.") var full = false
        @Option(
            help: ArgumentHelp(
                "Read every row again after so long, by default 7d; also full_every in wheels-db.yml.",
                valueName: "time"),
            transform: RetentionOptions.duration)
        var fullEvery: Duration?
        @Option(
            help: ArgumentHelp(
                "Stop before this month's backups receive more than this, such as 4GB (exit 17).", valueName: "size"),
            transform: {
                guard let size = ByteSizeText.parse($0) else {
                    throw ValidationError("Write a number and MB or GB, such as 4GB.")
                }
                return size
            }
        )
        var egressBudget: ByteSize?
        @OptionGroup var load: LoadOptions
        @OptionGroup var values: EnvironmentValueOptions
        @OptionGroup var global: GlobalOptions
        var isNotified: Bool { true }

        struct Document: Encodable {
            let backup: String
            let rows: Int
            let tables: Int
            let reading: ReadingDocument?
            let bytesReceived: Int
            let bytesStored: Int
            let seconds: Double
            let egress: EgressDocument?
            let room: RoomDocument
            let rate: RateDocument?
            let findings: [Finding]

            enum CodingKeys: String, CodingKey {
                case backup, rows, tables, reading, seconds, egress, room, rate, findings
                case bytesReceived = "bytes_received"
                case bytesStored = "bytes_stored"
            }
        }

        func validate() throws {
            guard (1...32).contains(jobs) else { throw ValidationError("--jobs takes a number from 1 to 32.") }
        }

        func run(in context: CommandContext) async throws {
            let place = try await repository.open(in: context)
            let target = try context.target(for: .backsUp, localServer: context.localSettings)
            let required = try Self.requiredVariables(in: context, of: target)
            var options = BackupOptions(
                jobs: jobs,
                full: full,
                fullEvery: try (fullEvery ?? context.configuration()?.fullEvery ?? .seconds(7 * 86_400)) / .seconds(1),
                retry: context.retry,
                environment: context.environment.variables,
                toolVersion: WheelsDB.version,
                requiredVariables: required,
                egressBudget: (try egressBudget ?? context.egressBudget(of: target)).map { Int($0.bytes) },
                load: try context.load(
                    on: target, maxRate: load.maxRate, giveWayAfter: load.giveWayAfter)
            )
            options.environmentValues = try values.values(of: required, in: context)
            options.clock = context.world.clock
            let run = BackupRun(
                settings: context.settings(of: target),
                options: options,
                onProgress: context.progressHandler()
            )
            RawMemory.mapLargePieces()
            BatchScheduling.begin()
            let right = try await repository.writer(place, in: context)
            for finding in right.findings { context.report.finding(finding) }
            let manifest = try await run.create(in: right.access)
            // A backup whose keys nobody can open is none: said at the end, where it is read.
            let closed = try await offPool { try right.access.holderFindings() }
            let egress = try await context.egress(of: manifest, from: target, in: right.access)
            let fill = try context.fill(of: manifest, from: target)
            let use = try await context.use(of: place)
            let findings = manifest.findings + closed + [fill?.finding, egress?.finding].compactMap(\.self)
            for finding in findings { context.report.finding(finding) }
            let rate = options.load.pace.map { RateDocument($0) }
            let document = Document(
                backup: manifest.backup,
                rows: manifest.rows,
                tables: manifest.tables.count,
                reading: manifest.reading.map { ReadingDocument($0) },
                bytesReceived: manifest.surroundings.bytesReceived,
                bytesStored: manifest.bytesStored,
                seconds: manifest.seconds,
                egress: egress.map { EgressDocument($0, run: manifest.surroundings.bytesReceived) },
                room: RoomDocument(fill, use),
                rate: rate,
                findings: right.findings + findings
            )
            try context.report.result(
                document,
                text: """
                    Backup \(manifest.backup): \(HumanUnits.count(Int64(manifest.rows))) rows of \
                    \(manifest.tables.count) tables, \(HumanUnits.bytes(Int64(manifest.surroundings.bytesReceived))) received, \
                    \(HumanUnits.bytes(Int64(manifest.bytesStored))) stored, \
                    \(HumanUnits.fixed(manifest.seconds, digits: 1)) s.
                    """
                        + Self.closing(
                            manifest, egress, hasBudget: options.egressBudget != nil,
                            // What was a warning is not said again.
                            room: [fill?.finding == nil ? fill?.sentence : nil, use?.sentence].compactMap(\.self))
                        + (rate.map { "\n\($0.text)" } ?? "")
            )
        }

        /// The names of the variables that the environment has to hold; without an environment, those of all.
        private static func requiredVariables(
            in context: CommandContext,
            of target: DatabaseTarget
        ) throws -> [String]? {
            guard let configuration = try context.configuration() else { return nil }
            return configuration.requiredVariables.filter { _, requirements in
                guard let name = target.environmentName else { return true }
                return requirements.contains { $0.applies(to: name, service: nil) }
            }
            .keys.sorted()
        }

        /// What the last lines say once more, because they are the lines that people read.
        private static func closing(
            _ manifest: BackupManifest,
            _ egress: EgressForecast?,
            hasBudget: Bool,
            room: [String]
        ) -> String {
            var text = ""
            if let egress, egress.plan != nil || hasBudget { text += "\n\(egress.sentence)" }
            if !room.isEmpty { text += "\n\(room.joined(separator: " "))" }
            let files = manifest.surroundings.storageBuckets.items.reduce(0) { $0 + $1.objects }
            if let reading = manifest.reading { text += "\n\(ReadingDocument(reading).text)" }
            guard files > 0 else { return text }
            let count = HumanUnits.count(Int64(files))
            return text + "\nNOT in it: \(count) files of Supabase Storage; only their rows are."
        }
    }

    /// Shows one backup.
    struct Show: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Show what a backup holds.",
            discussion: HelpText.discussion(examples: "wheels-db backup show latest --repository /backups/app")
        )
        static let words = "backup show"
        @Argument(help: "A backup, the beginning of its name, or latest.") var backup = "latest"
        @OptionGroup var repository: RepositoryOptions
        @OptionGroup var global: GlobalOptions

        func run(in context: CommandContext) async throws {
            let place = try await repository.open(in: context)
            let access = try await repository.documents(place, in: context)
            let selector = backup
            let manifest = try await offPool {
                try BackupCatalog(repository: place, access: access).manifest(selector)
            }
            let text = BackupText(manifest: manifest)
            try context.report.result(manifest, text: global.verbose ? text.text : text.summary)
        }
    }
}

extension CommandContext {
    /// Shows the progress of a run.
    func progressHandler() -> ProgressHandler {
        let rows = report.progress("rows", unit: .bytes)
        let report = report
        return { progress in
            if progress.phase == "rows" {
                rows.update(done: Int64(progress.done), total: Int64(progress.total), subject: progress.subject)
                if progress.done == progress.total { rows.finish() }
            } else if progress.done == 0 {
                report.detail("\(progress.phase)…")
            }
        }
    }
}
