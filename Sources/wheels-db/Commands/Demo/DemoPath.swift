import ArchiveRepository
import Diagnostics
import Foundation
import LocalPostgres
import LogicalBackup
import Migrations
import PostgresClient
import SealedStreams

/// The demonstration: a project is made, backed up and restored, by wheels-db and by the stock procedure.
///
/// Each step is a method that adds to the log; one more step is one more line in ``walk()``.
struct DemoPath {
    let demo: Demo
    let context: CommandContext
    let server: LocalServer
    /// Holds repository and dumps; nobody else may read it, and it goes with the run.
    let folder: String
    /// The migrations as they are deployed before anything is backed up.
    let migrations: MigrationFolder
    /// The texts of the policies' files.
    let policies: [String]
    let programs: StockPrograms

    /// Two projects that go through the same, one for each procedure, and the two that they are restored into.
    enum Place: String {
        case source, target
        case stockSource = "stock_source"
        case stockTarget = "stock_target"
        /// A project with the default privileges of 2026, for the schema alone.
        case recentTarget = "recent_target"
    }

    /// Walks the path on a server and in a folder that are gone afterwards, however it ends.
    static func walk(for demo: Demo, in context: CommandContext) async throws -> Demo.Document {
        let migrations = try MigrationFolder.read(context.environment.absolutePath(demo.migrations))
        let policies = try policyScripts(in: context.environment.absolutePath(demo.policies))
        let binaries = try await ServerBinaries.find(environment: context.environment.variables)
        let programs = try StockPrograms(binaries: binaries)
        let parent = context.environment.absolutePath(context.environment["TMPDIR"] ?? "/tmp")
        let folder = "\(parent)/wheels-db-demo-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await withThrowawayServer(binaries: binaries) { server in
            context.report.detail("The server's files are in \(server.dataDirectory).")
            return try await DemoPath(
                demo: demo, context: context, server: server, folder: folder, migrations: migrations,
                policies: policies, programs: programs
            ).walk()
        }
    }

    private static func policyScripts(in folder: String) throws -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw CommandError(
                "demo.no-policies", "The folder \"\(folder)\" does not exist or cannot be read.",
                remedy: Remedy("Name the folder of the policies:", command: "wheels-db demo --policies DIR"),
                failureClass: .notFound)
        }
        return try names.filter { $0.hasSuffix(".sql") }.sorted().map { try SecretFile.read("\(folder)/\($0)") }
    }

    private func walk() async throws -> Demo.Document {
        var log = StepLog(report: context.report)
        try await makeDatabases(&log)
        try await migrate(&log)
        try await loadRows(&log)
        try await applyPolicies(&log)
        let source = try await examineSource(&log)
        let manifest = try await backUp(&log)
        let ours = try await restore(manifest, &log)
        let stock = try await restoreByStockProcedure(&log)
        let comparison = RestoreComparison(source: source, stock: stock, wheelsDB: ours)
        return Demo.Document(steps: log.steps, restoreThatLied: comparison)
    }

    func settings(of place: Place) -> ConnectionSettings { server.settings(database: place.rawValue) }

    /// Asks a database what the comparison is about, or some of it.
    func examine(_ place: Place, only names: Set<String>? = nil) async throws -> [String: Answer] {
        let examination = ProjectExamination(
            settings: settings(of: place),
            // PostgREST logs in as this role and takes on anon; the socket needs no password.
            apiSettings: server.settings(database: place.rawValue, user: "authenticator"),
            deploy: ProjectLife.deploy(after: migrations).version
        )
        return try await examination.answers(to: names)
    }
}

// MARK: - The project

extension DemoPath {
    private func makeDatabases(_ log: inout StepLog) async throws {
        try await log.run("Supabase-shaped databases") {
            for place in [Place.source, .target, .stockTarget] {
                try await server.createSupabaseDatabase(named: place.rawValue, era: .apiRolesGetAll)
            }
            return "a project, two to restore into, on PostgreSQL \(server.binaries.version)"
        }
    }

    private func migrate(_ log: inout StepLog) async throws {
        try await log.run("migrate up") {
            let options = MigrationOptions(toolVersion: WheelsDB.version)
            let report = try await MigrationRunner(settings: settings(of: .source), options: options).up(migrations)
            return "\(report.applied.count) migrations"
        }
    }

    private func loadRows(_ log: inout StepLog) async throws {
        try await log.run("load rows") {
            let script = try SecretFile.read(context.environment.absolutePath(demo.rows))
            try await inSession(settings(of: .source)) { try await $0.executeScript(script) }
            return demo.rows
        }
    }

    /// Runs each file after everything that it does not grant was taken away, which is what it means.
    private func applyPolicies(_ log: inout StepLog) async throws {
        try await log.run("policies") {
            try await inSession(settings(of: .source)) { session in
                try await session.executeScript(
                    """
                    revoke all on all tables in schema public from public, anon, authenticated, service_role;
                    revoke all on all sequences in schema public from public, anon, authenticated, service_role
                    """
                )
                for script in policies { try await session.executeScript(script) }
            }
            return "\(policies.count) files of \(demo.policies)"
        }
    }

    /// Asks the project the questions before anything happens to it, and makes its twin for the stock procedure.
    private func examineSource(_ log: inout StepLog) async throws -> [String: Answer] {
        try await log.run("examine the project") {
            let answers = try await examine(.source)
            try await server.copyDatabase(Place.source.rawValue, as: Place.stockSource.rawValue)
            return (answers, "\(answers.count) questions; a twin for the stock procedure")
        }
    }
}

// MARK: - By wheels-db

extension DemoPath {
    /// A backup, and the right to read it.
    private struct Backup {
        let manifest: BackupManifest
        let reader: ReaderAccess
    }

    private func backUp(_ log: inout StepLog) async throws -> Backup {
        let identity = try AgeIdentity()
        let keys = try KeyGeneration()
        let repository = try await log.run("repository init") {
            let made = try Repository.create(
                in: LocalBlobStore(path: "\(folder)/repository"),
                holders: [.recipient(identity.recipient)],
                generation: keys
            )
            return (made, "sealed for \(identity.recipient.description.prefix(16))…")
        }
        let (manifest, diary) = try await log.run("backup create") {
            let (manifest, diary) = try await backUpWhileLifeGoesOn(into: repository.writer(key: keys.writerKey))
            let read = HumanUnits.bytes(Int64(manifest.surroundings.bytesReceived))
            let stored = HumanUnits.bytes(Int64(manifest.bytesStored))
            let rows = HumanUnits.count(Int64(manifest.rows))
            return ((manifest, diary), "\(rows) rows, \(read) read, \(stored) stored")
        }
        log.remember("while life goes on", diary.beside(manifest), seconds: diary.seconds)
        let reader = try repository.reader(.identities([identity]))
        try await log.run("backup verify") {
            let report = try await BackupVerification(reader: reader).verify(manifest)
            try report.requireWhole()
            return "\(report.objects) objects are whole"
        }
        return Backup(manifest: manifest, reader: reader)
    }

    /// Life begins with the first rows that are read and has to end well, as the backup has.
    private func backUpWhileLifeGoesOn(
        into writer: WriterAccess
    ) async throws -> (BackupManifest, ProjectLife.Diary) {
        let options = BackupOptions(environment: context.environment.variables, toolVersion: WheelsDB.version)
        let (rows, reading) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingOldest(1))
        let run = BackupRun(settings: settings(of: .source), options: options) { progress in
            if progress.phase == "rows" { reading.yield() }
        }
        let life = ProjectLife(settings: settings(of: .source), deployed: migrations)
        async let diary = life.goOn(when: rows)
        let manifest = try await run.create(in: writer)
        reading.finish()
        return (manifest, try await diary)
    }

    private func restore(_ backup: Backup, _ log: inout StepLog) async throws -> RestoreComparison.Restored {
        try await log.run("restore run, with proof") {
            let options = RestoreOptions(environment: context.environment.variables, toolVersion: WheelsDB.version)
            let report = try await RestoreRun(settings: settings(of: .target), reader: backup.reader, options: options)
                .run(backup.manifest)
            guard let proof = report.proof else { return "not proved" }
            let proved = "\(proof.tables) tables, \(proof.foreignKeys) foreign keys, \(proof.accessLists) access lists"
            return "proved equal: \(proved), \(proof.sequences) sequences"
        }
        return RestoreComparison.Restored(status: 0, answers: try await examine(.target))
    }
}

// MARK: - By the stock procedure

extension DemoPath {
    /// The guide's commands, with the same life between the schema and the rows.
    private func restoreByStockProcedure(_ log: inout StepLog) async throws -> RestoreComparison.Stock {
        let backup = StockBackup(programs: programs, settings: settings(of: .stockSource), folder: "\(folder)/stock")
        let later = try await log.run("stock backup, life between its files") {
            try await backup.dumpRolesAndSchema()
            let life = ProjectLife(settings: settings(of: .stockSource), deployed: migrations)
            _ = try await life.goOn()
            try await backup.dumpData()
            let later = try await examine(.stockSource, only: [ProjectQuestion.rows])
            return (later, "\(HumanUnits.bytes(Int64(backup.bytes))) of SQL by pg_dump \(server.binaries.version)")
        }
        let outcome = try await log.run("stock restore") {
            let outcome = try await StockRestore(backup: backup, target: settings(of: .stockTarget)).run()
            return (outcome, outcome.status == 0 ? "psql ended with 0" : "psql failed: \(outcome.lastMessage)")
        }
        let restored = RestoreComparison.Restored(
            status: Int(outcome.status),
            answers: outcome.status == 0 ? try await examine(.stockTarget) : nil
        )
        let recent = try await restoreSchemaIntoRecentProject(backup, &log)
        return RestoreComparison.Stock(
            restored: restored, laterRows: later[ProjectQuestion.rows] ?? .none, truncatableSince2026: recent)
    }

    /// The tables that anon may empty when the same schema goes into a project with the default privileges of 2026.
    private func restoreSchemaIntoRecentProject(_ backup: StockBackup, _ log: inout StepLog) async throws -> Answer {
        try await log.run("its schema into a project of 2026") {
            try await server.createSupabaseDatabase(named: Place.recentTarget.rawValue, era: .apiRolesGetNone)
            let restore = StockRestore(backup: backup, target: settings(of: .recentTarget))
            let outcome = try await restore.runWithoutRows()
            guard outcome.status == 0 else { return (.none, "psql failed: \(outcome.lastMessage)") }
            let question = "anon.truncate.tried"
            let answer = try await examine(.recentTarget, only: [question])[question] ?? .none
            return (answer, "psql ended with 0; anon empties \(answer.text(beside: nil)) tables")
        }
    }
}
