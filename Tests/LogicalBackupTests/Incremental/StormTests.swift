import CatalogInspection
import Foundation
import LogicalBackup
import PostgresClient
import PostgresTesting
import Synchronization
import Testing

/// Random nights: eight in `make test`, 200 in `make soak`.
///
/// A backup is made while others write. It is compared with the snapshot that it was made in: whoever imports that sees
/// what it should have seen, and counts it without knowing of ranges.
@Suite("Random nights", .tags(.server))
struct StormTests {
    private static let nights =
        ProcessInfo.processInfo.environment["WHEELS_SOAK_NIGHTS"].flatMap { Int($0) } ?? 8
    private static let seed =
        ProcessInfo.processInfo.environment["WHEELS_SOAK_SEED"].flatMap { UInt64($0) } ?? 20_261_123

    @Test(.scratchDatabase) func `each night equals the truth of its moment`() async throws {
        let scratch = try ScratchDatabase.current
        let nights = try await Nights(scratch)
        let witness = try await Witness(scratch, nights.source)
        let writer = try await scratch.session(to: nights.source)
        var storm = Storm(seed: Self.seed)
        try await run(storm.begin(), by: nights.session)
        var kinds: [ReadingSummary.Comparison?: Int] = [:]
        for night in 1...Self.nights {
            let day = storm.day()
            try await run(day, by: nights.session)
            let others = (0..<60).map { _ in storm.rows() }
            let manifest = try await Self.backUp(nights, witness, writer, while: others, full: storm.dice.chance(4))
            let differences = try await NightTruth.differences(
                of: manifest, in: nights.repository, seenBy: witness.session)
            try await witness.forget()
            kinds[manifest.reading?.comparison, default: 0] += 1
            guard differences.isEmpty else {
                Issue.record("Night \(night): \(differences). The day: \(day.joined(separator: "; "))")
                return
            }
            if night == Self.nights || night % 10 == 4 { try await restore(manifest, of: nights) }
        }
        #expect(kinds[.identity] ?? 0 > Self.nights / 2)
    }

    private func run(_ statements: [String], by session: Session) async throws {
        for statement in statements {
            do { try await session.executeScript(statement) } catch {
                Issue.record("\(statement): \(error)")
                throw error
            }
        }
    }

    /// Makes a backup while another session writes; the witness has joined its snapshot before a row is read.
    private static func backUp(
        _ nights: Nights,
        _ witness: Witness,
        _ writer: Session,
        while others: [[String]],
        full: Bool
    ) async throws -> BackupManifest {
        let gate = Gate()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            let isOver = Flag()
            group.addTask {
                await gate.opened()
                defer { gate.pass() }
                try await witness.join()
            }
            group.addTask {
                for statements in others {
                    for statement in statements { try await writer.executeScript(statement) }
                    if isOver.isSet { return }
                }
            }
            let manifest = try await nights.backUp(
                full: full, rangesOfChunk: 3, onProgress: { if $0.phase == "schema" { gate.openAndWait() } })
            isOver.set()
            try await group.waitForAll()
            return manifest
        }
    }

    /// Restores a night, with its proof, and compares the schemas; what others wrote meanwhile is in the rows only.
    private func restore(_ manifest: BackupManifest, of nights: Nights) async throws {
        let target = try await ScratchDatabase.current.emptyDatabase()
        let report = try await nights.repository.restore(manifest, into: target)
        #expect(report.proof?.rows == manifest.rows)
        try await PgDump.expectSchema(of: target, equals: nights.source)
    }
}

/// A session that sees what the running backup sees.
private struct Witness {
    let session: Session
    private let superuser: Session

    init(_ scratch: ScratchDatabase, _ source: ConnectionSettings) async throws {
        session = try await scratch.session(to: source)
        superuser = try await scratch.session(to: source.setting("user", to: "supabase_admin"))
    }

    /// Imports the snapshot that a backup of this database has exported; those of other databases are refused.
    func join() async throws {
        for row in try await superuser.query("select pg_ls_dir('pg_snapshots')") {
            guard let name = row[0] else { continue }
            try await session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            do {
                try await session.execute("SET TRANSACTION SNAPSHOT \(literal: name)")
                return try await session.executeScript(PinnedSettings.script)
            } catch { try await session.execute("ROLLBACK") }
        }
        Issue.record("The backup has exported no snapshot")
    }

    func forget() async throws { try await session.execute("ROLLBACK") }
}

/// Something that has happened or has not.
private final class Flag: Sendable {
    private let value = Atomic(false)

    func set() { value.store(true, ordering: .releasing) }

    var isSet: Bool { value.load(ordering: .acquiring) }
}
