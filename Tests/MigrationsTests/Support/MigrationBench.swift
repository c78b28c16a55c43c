import Foundation
import Migrations
import PostgresClient
import PostgresTesting
import Testing

/// A folder of migrations that is gone with the test, and a database to run it on.
final class MigrationBench: Sendable {
    let folder: String
    /// What was told during the runs.
    let events = EventLog()

    init() throws {
        folder =
            FileManager.default.temporaryDirectory.appendingPathComponent(
                "migrations-\(UUID().uuidString.lowercased())"
            ).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Writes the files `2026010100000<n>_<n>.sql`, from 1 on.
    @discardableResult
    func write(_ scripts: String...) throws -> MigrationBench {
        for (index, script) in scripts.enumerated() { try write(script, as: Self.name(index + 1)) }
        return self
    }

    func write(_ script: String, as name: String) throws { try write(Array(script.utf8), as: name) }

    func write(_ bytes: [UInt8], as name: String) throws {
        try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    static func name(_ number: Int) -> String { "2026010100000\(number)_file\(number).sql" }

    func read() throws -> MigrationFolder { try MigrationFolder.read(folder) }

    /// Applies the folder.
    @discardableResult
    func up(
        as role: String = "postgres",
        _ change: (inout MigrationOptions) -> Void = { _ in },
        onEvent: @escaping @Sendable (MigrationEvent) -> Void = { _ in }
    ) async throws -> MigrationReport {
        let settings = try ScratchDatabase.current.settings(as: role)
        return try await up(settings, change, onEvent: onEvent)
    }

    @discardableResult
    func up(
        _ settings: ConnectionSettings,
        _ change: (inout MigrationOptions) -> Void = { _ in },
        onEvent: @escaping @Sendable (MigrationEvent) -> Void = { _ in }
    ) async throws -> MigrationReport {
        var options = MigrationOptions(toolVersion: "test")
        options.lockTimeout = .milliseconds(400)
        options.lockRetry = .none
        change(&options)
        let events = events
        let runner = MigrationRunner(settings: settings, options: options) { event in
            events.note(event)
            onEvent(event)
        }
        return try await runner.up(try read())
    }

    /// Applies the folder and expects it to fail.
    func failure(
        as role: String = "postgres",
        _ change: (inout MigrationOptions) -> Void = { _ in },
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> MigrationError {
        try #require(
            await #expect(throws: MigrationError.self, sourceLocation: sourceLocation) {
                try await up(as: role, change)
            },
            sourceLocation: sourceLocation)
    }

    func plan(as role: String = "postgres", includesOutOfOrder: Bool = false) async throws -> MigrationPlan {
        var options = MigrationOptions(toolVersion: "test")
        options.includesOutOfOrder = includesOutOfOrder
        return try await MigrationRunner(settings: ScratchDatabase.current.settings(as: role), options: options)
            .plan(try read())
    }
}

/// The events of runs, in order.
///
/// `@unchecked`: `list` is touched under `lock` alone.
final class EventLog: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [MigrationEvent] = []

    var all: [MigrationEvent] { lock.withLock { list } }
    func note(_ event: MigrationEvent) { lock.withLock { list.append(event) } }

    var blockers: [LockBlocker] {
        all.flatMap { event -> [LockBlocker] in
            guard case .blocked(_, let blockers) = event else { return [] }
            return blockers
        }
    }
    var retries: Int { all.count { if case .retrying = $0 { true } else { false } } }
}

extension Session {
    /// The first field of the first row.
    func text(_ sql: String) async throws -> String? {
        try await query(Query(unsafeSQL: sql)).first?[0]
    }

    /// The first field of each row.
    func texts(_ sql: String) async throws -> [String] {
        try await query(Query(unsafeSQL: sql)).compactMap { $0[0] }
    }

    /// Versions in the ledger, by their last digit.
    func applied() async throws -> String {
        try await texts("select right(version, 1) from supabase_migrations.schema_migrations order by version").joined()
    }

    /// Asks until the answer is `true`; a minute at most.
    func wait(until sql: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try await text("select (\(sql))::text") != "true" {
            guard ContinuousClock.now < deadline else {
                Issue.record("never came true: \(sql)", sourceLocation: sourceLocation)
                return
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
