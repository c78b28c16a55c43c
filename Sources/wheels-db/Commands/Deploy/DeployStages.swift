import ArgumentParser
import Diagnostics
import Foundation
import LogicalBackup
import Migrations
import ModelGeneration
import Policies
import PostgresClient
import ProjectHealth

/// What each stage of a deploy does; every one is a call of a library.
struct DeployStages: Sendable {
    private let deploy: Deploy
    private let context: CommandContext
    private let target: DatabaseTarget
    private let settings: ConnectionSettings
    private let migrationFolder: MigrationFolder
    private let policyFolder: PolicyFolder
    private let schemas: [String]

    /// Reads the folders and looks whether the connection can be used, before anything happens.
    init(deploy: Deploy, context: CommandContext, target: DatabaseTarget) async throws {
        self.deploy = deploy
        self.context = context
        self.target = target
        migrationFolder = try MigrationFolder.read(deploy.folders.migrations)
        policyFolder = try PolicyFolder.read(deploy.folders.policies)
        schemas = try context.configuration()?.apiSchemas ?? ["public"]
        settings = try await context.migrationSettings(of: target)
    }

    /// What would be done, without a change.
    func plan(_ log: inout DeployLog) async throws -> DeployOutcome {
        let options = MigrationOptions(toolVersion: WheelsDB.version)
        let migrations = try await MigrationRunner(settings: settings, options: options).plan(migrationFolder)
        for finding in migrations.findings where !context.options.json { context.report.finding(finding) }
        guard migrations.obstacles.isEmpty else {
            throw DeployObstacle(
                "The migrations cannot be applied as they are: \(Self.counted(migrations.obstacles.count, "obstacle")).",
                remedy: Remedy("See them:", command: "wheels-db migrate plan"), findings: migrations.obstacles)
        }
        let pending = Migrate.migrations(migrations.steps.count)
        // Tables that are still to come have no policies to compare.
        guard migrations.steps.isEmpty else { return .done("\(pending) to apply, then policies") }
        let policies = try await PolicyApplier(settings: settings, options: context.policyOptions(prunes: false))
            .plan(policyFolder)
        return .done("\(pending), \(Policy.tables(policies.pending.count)) with other policies")
    }

    /// A backup of a protected environment before it is changed.
    func backup(_ log: inout DeployLog) async throws -> DeployOutcome {
        guard target.isProtected else { return .skipped("not a protected environment") }
        if deploy.noBackup { return .skipped("--no-backup") }
        guard (try? deploy.repository.location(in: context)) != nil else {
            context.report.warning("No backup is made first: no repository is configured.")
            return .skipped("no repository is configured")
        }
        let place = try await deploy.repository.open(in: context)
        let options = BackupOptions(
            retry: context.retry, environment: context.environment.variables, toolVersion: WheelsDB.version,
            load: try context.load(on: target))
        let right = try await deploy.repository.writer(place, in: context)
        for finding in right.findings { context.report.finding(finding) }
        let manifest = try await BackupRun(
            settings: settings, options: options, onProgress: context.progressHandler()
        ).create(in: right.access)
        return .done("\(manifest.backup), \(HumanUnits.count(Int64(manifest.rows))) rows")
    }

    /// The pending migrations.
    func migrate(_ log: inout DeployLog) async throws -> DeployOutcome {
        let (report, changes) = (context.report, log.changes)
        let options = MigrationOptions(toolVersion: WheelsDB.version)
        let runner = MigrationRunner(settings: settings, options: options) { event in
            if case .applied(let file, _) = event { changes.add("migration \(file)") }
            Migrate.tell(event, report)
        }
        let result = try await runner.up(migrationFolder)
        return .done(
            result.applied.isEmpty ? "nothing to apply" : "\(Migrate.migrations(result.applied.count)) applied")
    }

    /// The policies that differ from their files.
    func policies(_ log: inout DeployLog) async throws -> DeployOutcome {
        let (report, changes) = (context.report, log.changes)
        let applier = PolicyApplier(settings: settings, options: try context.policyOptions(prunes: false)) { event in
            if case .applied(let plan, _) = event { changes.add("policies of \(plan.relation)") }
            Policy.tell(event, report)
        }
        let result = try await applier.apply(policyFolder)
        for finding in result.findings where !context.options.json { report.finding(finding) }
        let wrong = result.findings.filter { $0.severity == .error }
        guard wrong.isEmpty else {
            throw DeployObstacle(
                "The policies are not what the files say: \(Self.counted(wrong.count, "finding")).",
                remedy: Remedy("See them:", command: "wheels-db policy plan"), findings: wrong)
        }
        return .done(
            result.applied.isEmpty
                ? "\(Policy.tables(result.unchanged)) as the files say"
                : "\(Policy.tables(result.applied.count)) changed, \(result.unchanged) as the files say")
    }

    /// Whether the checked-in models are those of the database.
    func models(_ log: inout DeployLog) async throws -> DeployOutcome {
        let path = deploy.folders.models
        guard FileManager.default.fileExists(atPath: context.environment.absolutePath(path)) else {
            return .skipped("there is no \(path)")
        }
        let folder = try ModelFolder.read(path)
        let plan = try await reading("models") { try await ModelPlan.read($0, schemas: schemas) }
        let differences = plan.differences(from: folder)
        guard differences.isEmpty else {
            throw DeployObstacle(
                "The models in \(path) are not those of the database: "
                    + "\(Self.counted(differences.count, "file")) differ, first \(differences[0].file).",
                remedy: Remedy("Generate them again and commit them:", command: "wheels-db models generate"),
                findings: differences.map(\.finding))
        }
        return .done("\(plan.files.count) files are up to date")
    }

    /// Whether the database allows what the committed matrix says.
    func matrix(_ log: inout DeployLog) async throws -> DeployOutcome {
        let path = context.environment.absolutePath("\(deploy.folders.policies)/matrix.md")
        guard FileManager.default.fileExists(atPath: path) else { return .skipped("there is no matrix.md") }
        let committed = try MatrixFile.read(path)
        let live = try await reading("matrix") { try await AccessMatrix.read(in: $0, apiSchemas: schemas) }
        let differences = committed.differences(to: live)
        guard differences.isEmpty, live.errors.isEmpty else {
            let findings = differences.map {
                Finding(
                    code: $0.isWidening ? "matrix.wider" : "matrix.differs", severity: .error,
                    subject: $0.place.relation, message: "\($0)")
            }
            throw DeployObstacle(
                "The database does not allow what \(deploy.folders.policies)/matrix.md says: "
                    + "\(Self.counted(differences.count, "cell")) differ, \(live.errors.count) fail always.",
                remedy: Remedy("See them:", command: "wheels-db policy matrix --check"), findings: findings)
        }
        return .done("\(live.cells.count) cells as committed")
    }

    /// Whether the project is healthy; the age of backups is no matter of a deploy.
    func health(_ log: inout DeployLog) async throws -> DeployOutcome {
        var gathering = try context.healthGathering(
            of: target, migrations: deploy.folders.migrations, policies: deploy.folders.policies, repository: nil)
        gathering.repository = nil
        let report = await gathering.report()
        let sick = report.services.filter { !$0.isHealthy }
        guard report.status == .degraded else { return .done("\(report.services.count) services looked at") }
        let problems = sick.map { "\($0.name) \($0.problem ?? $0.state)" }.joined(separator: "; ")
        throw DeployObstacle(
            "The project is degraded: \(problems)", remedy: Remedy("Look again:", command: "wheels-db health"))
    }

    private func reading<Value: Sendable>(
        _ what: String,
        _ body: (Session) async throws -> Value
    ) async throws -> Value {
        let session = try await Session.connect(
            to: settings, applicationName: "wheels-db/deploy \(what)", retry: context.retry)
        do {
            let value = try await body(session)
            await session.close()
            return value
        } catch {
            await session.close()
            throw error
        }
    }

    private static func counted(_ count: Int, _ noun: String) -> String {
        count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
    }
}

/// A check of a deploy that found something.
struct DeployObstacle: ExplainedError {
    let summary: String
    let remedy: Remedy?
    let findings: [Finding]
    var code: String { "deploy.findings" }
    var failureClass: FailureClass { .findings }

    init(_ summary: String, remedy: Remedy, findings: [Finding] = []) {
        self.summary = summary
        self.remedy = remedy
        self.findings = findings
    }
}
