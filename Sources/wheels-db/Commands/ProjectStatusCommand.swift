import ArchiveRepository
import ArgumentParser
import Diagnostics
import Foundation
import LogicalBackup
import OffPool
import PostgresClient
import ProjectHealth

/// Where a project stands, and what to do next.
struct ProjectStatus: WheelsCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Where the project stands: migrations, policies, connections, backups, egress, and the next command.",
        discussion: HelpText.discussion(
            """
            Changes nothing. What cannot be looked at, such as backups without a key, is said and left out. Ends with 0; \
            with --exit-code 2 when something is to be done, and 14 when the database does not answer.
            """,
            examples: "wheels-db status", "wheels-db status --env production --exit-code"
        )
    )
    static let words = "status"
    @Option(help: ArgumentHelp("The folder of the migrations; not looked at when there is none.", valueName: "dir"))
    var migrations: String?
    @Option(help: ArgumentHelp("The folder of the policy files; not looked at when there is none.", valueName: "dir"))
    var policies: String?
    @OptionGroup var repository: RepositoryOptions
    @Flag(help: "End with 2 when something is to be done.") var exitCode = false
    @OptionGroup var global: GlobalOptions

    struct Document: Encodable {
        struct Step: Encodable {
            let reason: String
            let command: String
        }

        struct NewestBackup: Encodable {
            let backup: String
            let snapshotAt: Date
            let verifiedAt: Date?
        }

        let healthy: Bool
        let services: [String: String]
        let backup: NewestBackup?
        let drill: DrillRecord?
        let egress: EgressDocument?
        let room: RoomDocument?
        let next: [Step]
    }

    func run(in context: CommandContext) async throws {
        let target = try context.target(for: .reads, localServer: context.localSettings)
        let sources = HealthSources(migrations: migrations, policies: policies, repository: repository.repository)
        let report = await (try sources.gathering(target, in: context)).report()
        let backups = try await ProjectBackups.read(repository, of: target, in: context)
        let next = Self.next(report, backups)
        var table = TextTable(.text("what"), .text("state"), .text("problem"))
        for service in report.services { table.add(service.name, service.state, service.problem ?? "") }
        let steps = next.map { "Next: \($0.command)" }
        let lines = backups.lines + (steps.isEmpty ? ["Nothing has to be done."] : steps)
        try context.report.result(
            Document(
                healthy: report.status == .healthy,
                services: Dictionary(report.services.map { ($0.name, $0.state) }) { first, _ in first },
                backup: backups.newest.map { newest in
                    .init(backup: newest.backup, snapshotAt: newest.snapshotAt, verifiedAt: backups.verifiedAt)
                },
                drill: backups.drill,
                egress: backups.egress.map { EgressDocument($0, run: backups.newest?.surroundings.bytesReceived ?? 0) },
                room: backups.use.map { RoomDocument(nil, $0) },
                next: next
            ),
            text: table.text + lines.joined(separator: "\n")
        )
        guard exitCode, !next.isEmpty || report.status == .degraded else { return }
        let hasDatabase = report.services.contains { $0.name == "database" && $0.isHealthy }
        throw ExitCode((hasDatabase ? ExitStatus.findings : .unreachable).rawValue)
    }

    /// One command for each thing that is to be done, the most urgent first.
    private static func next(_ report: HealthReport, _ backups: ProjectBackups) -> [Document.Step] {
        let commands = [
            "database": "wheels-db pool check", "connections": "wheels-db pool check", "size": "wheels-db maintain",
            "backups": "wheels-db backup create", "migrations": "wheels-db migrate plan",
            "policies": "wheels-db policy plan",
        ]
        let services = Dictionary(report.services.map { ($0.name, $0) }) { first, _ in first }
        var steps = ["database", "connections", "size", "backups", "migrations", "policies"].compactMap { name in
            services[name]?.problem.flatMap { problem in
                commands[name].map { Document.Step(reason: problem, command: $0) }
            }
        }
        if backups.newest != nil, backups.verifiedAt == nil, backups.canVerify {
            steps.append(
                .init(reason: "The newest backup was never verified.", command: "wheels-db backup verify latest"))
        }
        if let drill = backups.drill, !drill.passed {
            steps.append(.init(reason: "The last drill failed.", command: "wheels-db drill"))
        } else if backups.newest != nil, backups.drill == nil, backups.canVerify {
            steps.append(.init(reason: "No backup was ever restored for a trial.", command: "wheels-db drill"))
        }
        return steps
    }
}

/// What a project's repository tells, where somebody who may read it looks.
struct ProjectBackups {
    private(set) var newest: BackupManifest?
    private(set) var verifiedAt: Date?
    private(set) var egress: EgressForecast?
    private(set) var drill: DrillRecord?
    private(set) var use: RepositoryUse?
    /// Whether rows can be read here.
    private(set) var canVerify = false
    private var note: String?

    /// Looks; a repository that cannot be read is a line of the answer and no failure.
    static func read(
        _ options: RepositoryOptions,
        of target: DatabaseTarget,
        in context: CommandContext
    ) async throws -> ProjectBackups {
        var found = ProjectBackups()
        guard (try? options.location(in: context)) != nil else {
            found.note = "No backup repository is configured: wheels-db repository init makes one."
            return found
        }
        do {
            let place = try await options.open(in: context)
            let access = try await options.documents(place, in: context)
            found.canVerify = access is ReaderAccess
            let plan = try context.egressPlan(of: target).map { Int($0.bytes) }
            let source = target.settings.egressSource
            found.use = try await offPool { try place.use() }
            (found.newest, found.verifiedAt, found.egress, found.drill) = try await offPool {
                let (all, marks) = try BackupCatalog(repository: place, access: access).kept()
                // A repository may hold the backups of several projects.
                let kept = all.filter { $0.projectRef == target.settings.projectRef }
                guard let newest = kept.max(by: { $0.snapshotAt < $1.snapshotAt }), let id = BackupID(newest.backup)
                else { return (nil, nil, nil, nil) }
                let records = SealedRecords(reading: access)
                let totals = try EgressLedger(records: records).totals(of: EgressMonth(of: id))
                let egress = EgressForecast(totals: totals, source: source, run: id, plan: plan)
                let drill = try DrillLog(records: records).newest(1) { $0.source == newest.sourceName }.first
                return (newest, marks[id]?.verifiedAt, egress, drill)
            }
        } catch let error as any ExplainedError where error.failureClass != .interrupted {
            found.note = "The backups could not be looked at: \(error.summary)"
        }
        return found
    }

    /// What to say of them beside their age.
    var lines: [String] {
        let verified = verifiedAt.map { "verified \($0.formatted(.iso8601))" } ?? "never verified"
        let newest = newest.map { "Newest backup: \($0.backup), \(verified)." }
        return [
            newest, newest == nil ? nil : drillLine, use?.sentence, egress?.sentence, egress?.finding?.message, note,
        ]
        .compactMap(\.self)
    }

    private var drillLine: String {
        guard let drill else { return "No drill yet: nobody has tried to restore a backup of it." }
        let took = HumanUnits.duration(.seconds(drill.recoverySeconds))
        return
            "Last drill: \(drill.at.formatted(.iso8601)), \(drill.passed ? "passed" : "FAILED"), recovery time \(took)."
    }
}
