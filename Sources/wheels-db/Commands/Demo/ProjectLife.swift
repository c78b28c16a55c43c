import Diagnostics
import Foundation
import LogicalBackup
import Migrations
import PostgresClient

/// What goes on in a project while somebody backs it up: an account is closed, a deploy lands, another account is closed.
struct ProjectLife: Sendable {
    let settings: ConnectionSettings
    /// The migrations before the deploy.
    let deployed: MigrationFolder

    /// The same in words.
    static let story =
        "one account was closed, a deploy let support tickets outlive their account, another account was closed"

    /// When it happened.
    struct Diary: Sendable {
        let begun: Date
        let firstClosed: Date
        let deployed: Date
        let ended: Date

        var seconds: Double { ended.timeIntervalSince(begun) }

        /// How it lay to a backup.
        func beside(_ manifest: BackupManifest) -> String {
            let isDuring = firstClosed > manifest.snapshotAt && firstClosed < manifest.finishedAt
            let account = "an account was closed \(isDuring ? "during the backup" : "beside the backup")"
            return account + (deployed > manifest.finishedAt ? ", the deploy waited for its end" : ", a deploy landed")
        }
    }

    /// The table whose foreign key the deploy drops.
    static let table = "public.support_tickets"
    /// That foreign key.
    static let constraint = "support_tickets_user_id_fkey"

    /// The deploy: a migration that is younger than all others.
    static func deploy(after folder: MigrationFolder) -> MigrationFileName {
        let last = folder.files.last.flatMap { Int($0.fileName.version) } ?? 0
        return MigrationFileName(version: String(last + 1), name: "tickets_outlive_accounts")
    }

    /// Goes on as soon as a signal comes; a signal that ends without coming counts as one.
    func goOn(when signal: AsyncStream<Void>) async throws -> Diary {
        for await _ in signal { break }
        try Task.checkCancellation()
        return try await goOn()
    }

    /// Goes on at once.
    func goOn() async throws -> Diary {
        let begun = Date()
        return try await inSession(settings) { session in
            let accounts = try await session.query(
                """
                select user_id::text from public.support_tickets group by user_id
                order by pg_catalog.count(*) desc, user_id limit 2
                """
            ).compactMap { $0[0] }
            guard let first = accounts.first, let second = accounts.last, accounts.count == 2 else {
                throw CommandError(
                    "demo.no-tickets", "The demonstration needs two accounts with support tickets among its rows.",
                    failureClass: .notFound)
            }
            try await close(first, in: session)
            let firstClosed = Date()
            try await land()
            let deployed = Date()
            try await close(second, in: session)
            return Diary(begun: begun, firstClosed: firstClosed, deployed: deployed, ended: Date())
        }
    }

    private func close(_ account: String, in session: Session) async throws {
        try await session.execute("delete from auth.users where id = \(account)::uuid")
    }

    /// Applies one more migration, which waits its turn like every other.
    private func land() async throws {
        let name = Self.deploy(after: deployed)
        let sql = "alter table \(Self.table) drop constraint \(Self.constraint);\n"
        let file = try MigrationFile(path: name.description, fileName: name, text: sql)
        var options = MigrationOptions(toolVersion: WheelsDB.version)
        options.lockTimeout = .milliseconds(300)
        options.lockRetry = RetryPolicy(
            limit: .seconds(60), firstPause: .milliseconds(100), longestPause: .milliseconds(500))
        let folder = MigrationFolder(path: deployed.path, files: deployed.files + [file])
        _ = try await MigrationRunner(settings: settings, options: options).up(folder)
    }
}

/// Lends a session to a piece of work and closes it, however the work ends.
func inSession<Value: Sendable>(
    _ settings: ConnectionSettings,
    _ work: (Session) async throws -> Value
) async throws -> Value {
    let session = try await Session.connect(to: settings, applicationName: "wheels-db/demo")
    do {
        let value = try await work(session)
        await session.close()
        return value
    } catch {
        await session.close()
        throw error
    }
}
