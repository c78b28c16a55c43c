import ArchiveRepository
import ArgumentParser
import Diagnostics
import Foundation
import LocalPostgres
import LogicalBackup
import Migrations
import PostgresClient
import SealedStreams

/// The command `wheels-db demo`: the whole path on servers and folders of its own.
struct Demo: WheelsCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run the whole path on an embedded server: migrate, load, back up, restore, prove.",
        discussion: HelpText.discussion(
            "Everything happens on a throwaway server and in a temporary folder; both are removed at the end.",
            examples: "wheels-db demo"
        )
    )
    static let words = "demo"
    @Option(help: ArgumentHelp("The folder of the migrations.", valueName: "dir")) var migrations = "migrations"
    @Option(help: ArgumentHelp("SQL that loads rows.", valueName: "file")) var rows = "Examples/demo-rows.sql"
    @OptionGroup var global: GlobalOptions

    struct Step: Encodable {
        let step: String
        let result: String
        let seconds: Double
    }

    func run(in context: CommandContext) async throws {
        let binaries = try await ServerBinaries.find(environment: context.environment.variables)
        let steps = try await withThrowawayServer(binaries: binaries) { server in
            try await DemoPath(demo: self, context: context, server: server).walk()
        }
        var table = TextTable(.text("step"), .text("result"), .number("seconds"))
        for step in steps { table.add(step.step, step.result, HumanUnits.fixed(step.seconds, digits: 1)) }
        try context.report.result(["steps": steps], text: table.text)
    }
}

/// The steps of the demonstration, each timed.
private struct DemoPath {
    let demo: Demo
    let context: CommandContext
    let server: LocalServer

    func walk() async throws -> [Demo.Step] {
        var steps: [Demo.Step] = []
        func timed<Value>(_ name: String, _ work: () async throws -> (Value, String)) async throws -> Value {
            context.report.note("\(name)…")
            let begin = ContinuousClock.now
            let (value, result) = try await work()
            let seconds = Double((ContinuousClock.now - begin) / .milliseconds(1)) / 1_000
            steps.append(Demo.Step(step: name, result: result, seconds: seconds))
            return value
        }
        let folder =
            context.environment.absolutePath(context.environment["TMPDIR"] ?? "/tmp")
            + "/wheels-db-demo-\(UUID().uuidString.prefix(8).lowercased())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let source = server.settings(database: "source")
        let target = server.settings(database: "target")
        _ = try await timed("two Supabase-shaped databases") {
            try await server.createSupabaseDatabase(named: "source")
            try await server.createSupabaseDatabase(named: "target")
            return ((), "source, target on PostgreSQL \(server.binaries.version)")
        }
        _ = try await timed("migrate up") {
            let runner = MigrationRunner(settings: source, options: MigrationOptions(toolVersion: WheelsDB.version))
            let report = try await runner.up(try MigrationFolder.read(demo.migrations))
            return ((), "\(report.applied.count) migrations")
        }
        _ = try await timed("load rows") {
            let session = try await Session.connect(to: source)
            try await session.executeScript(try SecretFile.read(context.environment.absolutePath(demo.rows)))
            await session.close()
            return ((), demo.rows)
        }
        let identity = try AgeIdentity()
        let key = try WriterKey()
        let repository = try await timed("repository init") {
            let made = try Repository.create(at: folder, protection: .recipients([identity.recipient]), writerKey: key)
            return (made, "sealed for \(identity.recipient.description.prefix(16))…")
        }
        let manifest = try await timed("backup create") {
            let options = BackupOptions(environment: context.environment.variables, toolVersion: WheelsDB.version)
            let manifest = try await BackupRun(settings: source, options: options)
                .create(in: try repository.writer(key: key, passphrase: nil))
            let size =
                "\(HumanUnits.bytes(Int64(manifest.bytesReceived))) read, \(HumanUnits.bytes(Int64(manifest.bytesStored))) stored"
            return (manifest, "\(HumanUnits.count(Int64(manifest.rows))) rows, \(size)")
        }
        let reader = try repository.reader(identities: [identity])
        _ = try await timed("backup verify") {
            let report = try await BackupVerification(reader: reader).verify(manifest)
            return ((), "\(report.objects) objects are whole")
        }
        _ = try await timed("restore run, with proof") {
            let options = RestoreOptions(environment: context.environment.variables, toolVersion: WheelsDB.version)
            let report = try await RestoreRun(settings: target, reader: reader, options: options).run(manifest)
            guard let proof = report.proof else { return ((), "not proved") }
            let proved = "\(proof.tables) tables, \(proof.foreignKeys) foreign keys, \(proof.accessLists) access lists"
            return ((), "proved equal: \(proved), \(proof.sequences) sequences")
        }
        return steps
    }
}
