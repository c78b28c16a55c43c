import Diagnostics
import PostgresClient
import PostgresTesting
import Synchronization

@testable import Maintenance

/// The application's database of one test, with users in it, and a clock that stands still.
struct Bench {
    /// A Wednesday.
    static let now = "2026-06-17 12:00:00.000000+00"
    let scratch: ScratchDatabase
    let session: Session

    init() async throws {
        scratch = try ScratchDatabase.current
        session = try await scratch.session()
    }

    /// A user; the trigger makes profile and settings.
    func user(_ number: Int = 1) async throws -> String {
        let id = "00000000-0000-4000-8000-00000000000\(number)"
        try await session.execute(
            "insert into auth.users (id, email) values (\(id)::uuid, \("u\(number)@example.org")) on conflict do nothing"
        )
        return id
    }

    func run(
        _ jobs: [MaintenanceJob],
        tests: [HealthTest] = [],
        now: String = Bench.now,
        onEvent: @escaping @Sendable (MaintenanceEvent) -> Void = { _ in },
        _ change: (inout MaintenanceOptions) -> Void = { _ in }
    ) async throws -> [JobReport] {
        var options = MaintenanceOptions()
        options.now = now
        options.pause = .zero
        options.lockTimeout = .milliseconds(300)
        change(&options)
        return try await MaintenanceRunner(
            settings: scratch.settings, options: options, health: { tests }, onEvent: onEvent
        ).run(jobs)
    }

    func run(
        _ job: MaintenanceJob,
        tests: [HealthTest] = [],
        now: String = Bench.now,
        _ change: (inout MaintenanceOptions) -> Void = { _ in }
    ) async throws -> JobReport {
        let reports = try await run([job], tests: tests, now: now, change)
        guard let report = reports.first else { throw NoReport() }
        return report
    }

    struct NoReport: Error {}

    /// The first field of a query's first row.
    func value(_ query: Query) async throws -> String? { try await session.query(query).first?[0] }

    func count(_ table: String) async throws -> Int {
        Int(try await value(Query(unsafeSQL: "select count(*) from public.\(table)")) ?? "") ?? -1
    }
}

extension JobReport {
    /// Rows by table, without the schema.
    var byTable: [String: Int] {
        Dictionary(tables.map { (String($0.table.dropFirst("public.".count)), $0.rows) }, uniquingKeysWith: +)
    }

    var codes: [String] { findings.map(\.code) }
}

extension Bench {
    /// How the server runs a batch of `audio_cache`.
    func plan() async throws -> String {
        let change = BatchedChange.delete(from: "audio_cache", where: "t.expires_at < $1::timestamptz")
        let batch = change.batch(now: Self.now, limit: 1_000)
        let rows = try await session.query(Query(unsafeSQL: "explain \(batch.sql)", parameters: batch.parameters))
        return rows.compactMap { $0[0] }.joined(separator: "\n")
    }
}
