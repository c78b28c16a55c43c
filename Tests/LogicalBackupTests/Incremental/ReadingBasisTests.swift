import CatalogInspection
import Foundation
import PostgresTesting
import Testing

@testable import LogicalBackup

@Suite("When everything is read", .tags(.server))
struct ReadingBasisTests {
    /// How long after the last full read a backup is made, in seconds, and what it says when it reads everything again.
    @Test(
        .scratchDatabase,
        arguments: [
            (60.0, nil), (6 * 86_400, nil), (-1_800, nil), (7 * 86_400 - 7_200, nil),
            (7 * 86_400 - 1_800, "done again after so long"), (7 * 86_400, "done again after so long"),
            (-7_200, "a clock was wrong"),
        ] as [(Double, String?)])
    func `goes by the time since the last full read`(after seconds: Double, reason: String?) async throws {
        let nights = try await Nights(try .current)
        try await nights.run("create table small as select generate_series(1, 9) as id")
        let first = try await nights.night()
        let last = try #require(first.reading?.lastReadInFull)
        let options = BackupOptions(
            fullEvery: 7 * 86_400, environment: ScratchRepository.environment, toolVersion: "test")
        let basis = ReadingBasis(
            previous: try PreviousBackup.newest(in: nights.repository.writer), options: options,
            server: first.surroundings.server, database: first.source.name, now: last.addingTimeInterval(seconds))
        let summary = basis.summary(ReadingSummary(), lostChunks: 0)
        #expect((basis.comparison == nil) == (reason != nil))
        #expect(summary.reason?.contains(reason ?? "") == (reason == nil ? nil : true))
        // A manifest keeps moments to the millisecond.
        let kept = try #require(summary.lastReadInFull).timeIntervalSince(last)
        #expect((abs(kept) < 0.01) == (reason == nil))
    }
}
