import ArchiveRepository
import ArgumentParser
import Diagnostics
import Foundation
import LogicalBackup
import OffPool

/// The command `wheels-db drill`: proves that backups can be restored, by restoring one.
struct Drill: RepositoryCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract: "Restore the newest backup into a throwaway server, prove it, ask your assertions, and record it.",
        discussion: HelpText.discussion(
            """
            Nothing but a PostgreSQL server's programs on this machine is needed: the server runs for the drill alone, and \
            everything is removed afterwards. Roles and extensions of the backup are made first; extensions that this \
            machine does not have are left out and named. Then the backup is restored as `postgres` and proved equal, as \
            restore run does it, and each .sql file of the assertions' folder is asked: a statement holds when it returns no \
            row, or true alone. The drill is recorded in the repository with its recovery time and point, which are \
            compared with recovery.time and recovery.point of wheels-db.yml.

            Ends with 0 when all is well; 2 when an assertion does not hold or a target is missed; 18 when the restored data \
            differs; 13 when the backup is damaged. --max-age is for cron: while a drill that passed is younger, nothing is \
            done; an hour less counts as well, so that a daily job with 7d drills every seventh day.
            """,
            examples: "wheels-db drill --repository /backups/app --identity app.identity",
            "wheels-db drill --max-age 7d --assertions drills --repository s3://backups/app --identity app.identity"
        )
    )
    static let words = "drill"
    @Argument(help: "A backup, the beginning of its name, or latest.") var backup = "latest"
    @OptionGroup var repository: RepositoryOptions
    @Option(
        help: ArgumentHelp(
            "The newest backup of this database: a project's ref, or ref/database as backup check prints it.",
            valueName: "name"))
    var source: String?
    @Option(
        help: ArgumentHelp(
            "The folder of assertions, .sql files; by default drills, where there is such a folder.", valueName: "dir"))
    var assertions: String?
    @Option(
        help: ArgumentHelp("Do nothing while the last drill that passed is younger than this.", valueName: "time"),
        transform: RetentionOptions.duration)
    var maxAge: Duration?
    @Option(help: "Sessions that load rows at the same time.") var jobs = 2
    @OptionGroup var global: GlobalOptions
    var isNotified: Bool { true }

    func validate() throws {
        guard (1...32).contains(jobs) else { throw ValidationError("--jobs takes a number from 1 to 32.") }
        guard source == nil || backup == "latest" else {
            throw ValidationError(
                "--source chooses the newest backup of a database; a backup's name needs no --source.")
        }
    }

    func run(in context: CommandContext) async throws {
        let files = try assertionFiles(in: context)
        let place = try await repository.open(in: context)
        let reader = try await repository.reader(place, in: context)
        let (manifest, now) = try await offPool { try (self.chosen(from: place, reader), place.store.now()) }
        if let last = try await passed(manifest, reader, now) {
            let age = HumanUnits.span(.seconds(now.timeIntervalSince(last.at)))
            return try context.report.result(
                DrillDocument(skippedSince: last), text: "Nothing to do: a drill of \(last.source) passed \(age) ago.")
        }
        let attempt = DrillAttempt(
            manifest: manifest, reader: reader, targets: try context.configuration()?.recovery ?? RecoveryTargets(),
            jobs: jobs, context: context)
        let (document, failure) = await attempt.run(assertions: files, at: now)
        await record(document, place, in: context)
        if let failure { throw failure }
        try context.report.result(document, text: document.text)
        context.report.findings(document.findings)
        if !document.passed || document.missesTarget { throw ExitCode(ExitStatus.findings.rawValue) }
    }

    /// The assertions that were named, or those of the usual folder.
    private func assertionFiles(in context: CommandContext) throws -> [DrillAssertion] {
        let folder = context.environment.absolutePath(assertions ?? "drills")
        if assertions == nil, !FileManager.default.fileExists(atPath: folder) { return [] }
        let files = try DrillAssertion.read(folder)
        // The usual folder may be empty, as init makes it: the result says that nothing was asked.
        if files.isEmpty, assertions != nil {
            context.report.warning("\(folder) holds no .sql file: nothing is asked.")
        }
        return files
    }

    private func chosen(from place: Repository, _ reader: ReaderAccess) throws -> BackupManifest {
        let catalog = BackupCatalog(repository: place, access: reader)
        guard let source else { return try catalog.manifest(backup) }
        let kept = try catalog.kept().manifests.filter { BackupManifest.isSource($0.sourceName, meantBy: source) }
        guard let newest = kept.max(by: { $0.snapshotAt < $1.snapshotAt }) else {
            throw BackupError(
                code: "backup.none", summary: "\(place.location) holds no backup of \(source).",
                remedy: Remedy("See which databases it has:", command: "wheels-db backup check"),
                failureClass: .notFound)
        }
        return newest
    }

    /// The drill that makes this one needless.
    private func passed(_ manifest: BackupManifest, _ reader: ReaderAccess, _ now: Date) async throws -> DrillRecord? {
        guard let maxAge else { return nil }
        let source = manifest.sourceName
        let last = try await offPool {
            try DrillLog(records: SealedRecords(reading: reader)).newest(1) { $0.passed && $0.source == source }.first
        }
        // A record has the end of its drill; a job that starts at the same time every day counts from start to start.
        let recurrence = Recurrence(every: maxAge / .seconds(1))
        return last.flatMap {
            recurrence.isDue(last: $0.at.addingTimeInterval(-$0.recoverySeconds), now: now) ? nil : $0
        }
    }

    /// Notes the drill in the repository, also one that failed: that is when one looks for the last that did not.
    private func record(_ document: DrillDocument, _ place: Repository, in context: CommandContext) async {
        guard let drill = document.record else { return }
        do {
            let records = try await repository.records(place, in: context)
            try await offPool {
                var drill = drill
                drill.at = try place.store.now()
                try DrillLog(records: records).add(drill)
                // What was restored and proved is as good as verified: the newest such backup is never removed.
                if drill.passed, let id = BackupID(drill.backup) {
                    try MarkBoard(records: records).noteVerified(id, command: Self.words)
                }
            }
        } catch let error as any ExplainedError {
            context.report.warning("The drill could not be recorded in the repository: \(error.summary)")
        } catch {
            context.report.warning("The drill could not be recorded in the repository.")
        }
    }
}
