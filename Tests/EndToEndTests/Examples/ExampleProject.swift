import Foundation
import ObjectStoreTesting
import PostgresClient
import PostgresTesting
import Testing

/// A project that uses the files of Examples: a folder, two databases, a bucket, and somebody who is told.
final class ExampleProject: Sendable {
    let work: Workplace
    let staging: ConnectionSettings
    let production: ConnectionSettings
    /// What variables and secrets of the project are called in the files, and what is in them.
    let values: [String: String]
    private let receiver: FaultProxy

    /// The folder with the files.
    static let examples = Workplace.package.appendingPathComponent("Examples")
    /// The bytes that stand for a package; nothing installs them.
    static let package = Array("a package".utf8)
    private static let checksum = "c0cd5ccfdb563a59366e33e73001b78fdb8cca5a6c48e2f90fffcde44b81f1f6"

    private static let configuration = """
        environments:
          staging: { url_from: STAGING_DATABASE_URL, ref: abcdefghijklmnopqrst }
          production: { url_from: PRODUCTION_DATABASE_URL, ref: tsrqponmlkjihgfedcba, protected: true }
        retention: { last: 3, daily: 14 }
        notifications:
          - { url_from: ALERT_WEBHOOK_URL, on: [failure, findings] }
          - { url_from: BACKUP_MONITOR_URL, as: ping }
        """

    /// The text of a file of Examples.
    static func text(_ name: String) throws -> String {
        try String(contentsOf: examples.appendingPathComponent(name), encoding: .utf8)
    }

    init() async throws {
        work = try Workplace()
        staging = try ScratchDatabase.current.settings
        production = try await ScratchDatabase.current.anotherDatabase()
        receiver = try FaultProxy(before: nil) { request in
            .answer(200, body: request.target == "/package" ? ExampleProject.package : [])
        }
        let store = try await ObjectStore.shared()
        let place = store.location(bucket: try store.makeBucket(), prefix: "app")
        let here = "http://127.0.0.1:\(receiver.port)"
        let made = try await work.program.run(
            [
                "repository", "init", "--repository", place, "--new-identity", work.identity.path, "--writer-key",
                work.folder.appendingPathComponent("app.writer-key").path,
            ],
            adding: store.environment)
        try #require(made.status == 0, "\(made)")
        values = try store.environment.merging([
            "STAGING_DATABASE_URL": staging.url, "PRODUCTION_DATABASE_URL": production.url,
            "PRODUCTION_REF": "tsrqponmlkjihgfedcba", "WHEELS_REPOSITORY": place,
            "WHEELS_IDENTITY": String(contentsOf: work.identity, encoding: .utf8),
            "WHEELS_WRITER_KEY": String(
                contentsOf: work.folder.appendingPathComponent("app.writer-key"), encoding: .utf8),
            "ALERT_WEBHOOK_URL": "\(here)/hook", "BACKUP_MONITOR_URL": "\(here)/ping",
            "WHEELS_DB_DEB_URL": "\(here)/package", "WHEELS_DB_DEB_SHA256": Self.checksum,
        ]) { $1 }
        try work.write(Self.configuration, to: "wheels-db.yml")
        try work.write(
            """
            create table public.notes (id int primary key, user_id uuid not null);
            alter table public.notes enable row level security;
            """, to: "migrations/20260101000000_notes.sql")
        try work.write(
            """
            alter table public.notes enable row level security;
            create policy "notes: own rows" on public.notes for select to authenticated
              using ((select auth.uid()) = user_id);
            grant select on public.notes to authenticated;
            """, to: "policies/notes.sql")
        try work.write("select count(*) > 0 as has_notes from public.notes", to: "drills/notes.sql")
        try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: bin.appendingPathComponent("wheels-db").path, withDestinationPath: WheelsProgram.path)
    }

    /// The folder that stands before the system's in `PATH`.
    var bin: URL { work.folder.appendingPathComponent("bin") }

    /// Puts rows into production, as the app would after a deploy.
    func live() async throws {
        let session = try await Session.connect(to: production)
        try await session.executeScript(
            """
            create table if not exists public.notes (id int primary key, user_id uuid not null);
            insert into public.notes select n, gen_random_uuid() from generate_series(1, 500) n;
            """)
        await session.close()
    }

    /// Runs a command as somebody who has only these variables, and a home of their own.
    func run(_ command: [String], _ variables: [String: String]) async throws -> WheelsProgram.Outcome {
        let home = work.folder.appendingPathComponent("home-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: false)
        // The account of a drill's server has to enter the folder of its files.
        let own = ["HOME": home.path, "TMPDIR": "/tmp", "LC_ALL": "C.UTF-8"]
        return try await RunningProgram(command, folder: work.folder, variables: variables.merging(own) { $1 })
            .outcome()
    }

    /// Who was told what: the address for a ping, command, event and exit code for a web hook.
    var told: [String] {
        let bodies = receiver.bodies
        return receiver.requests.filter { $0.target != "/package" }.map { request in
            guard request.target == "/hook" else { return request.target }
            let body = Data(bodies[request.number] ?? [])
            let document = try? JSONSerialization.jsonObject(with: body) as? [String: Any]
            return "\(document?["command"] ?? "?"): \(document?["event"] ?? "?") \(document?["exit"] ?? "?")"
        }
    }

    /// The backups of the repository.
    func backups() async throws -> [String] {
        let listed = try await run(
            [WheelsProgram.path, "backup", "list", "--json"], values.filter { !$0.key.hasSuffix("URL") })
        let entries = try listed.json()["backups"] as? [[String: Any]] ?? []
        return entries.compactMap { $0["backup"] as? String }
    }
}
