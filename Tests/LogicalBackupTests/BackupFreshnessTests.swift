import CatalogInspection
import Foundation
import PostgresTesting
import Testing

@testable import LogicalBackup

@Suite("How old the newest backup is", .tags(.server))
struct BackupFreshnessTests {
    @Test(.scratchDatabase) func `goes by database, and by no moment that has not come yet`() async throws {
        let nights = try await Nights(try .current)
        let now = Date()
        let manifest = try await nights.night()
        func made(_ name: String, _ ref: String?, hoursAgo: Double) -> BackupManifest {
            var copy = manifest
            copy.backup = name
            copy.projectRef = ref
            copy.snapshotAt = now.addingTimeInterval(-hoursAgo * 3_600)
            return copy
        }
        let database = manifest.source.name
        let manifests = [
            made("a1", "a", hoursAgo: 30), made("a2", "a", hoursAgo: 6), made("b1", "b", hoursAgo: 30),
            made("b2", "b", hoursAgo: -50), made("c1", nil, hoursAgo: -50), made("d1", "d", hoursAgo: -0.5),
        ]
        let freshness = BackupFreshness(manifests, maxAge: 26 * 3_600, now: now)
        let names = ["a/", "b/", "d/", ""].map { $0 + database }.sorted()
        #expect(freshness.sources.map(\.name) == names)
        let byName = Dictionary(freshness.sources.map { ($0.name, $0) }) { first, _ in first }
        #expect(byName["a/\(database)"]?.backup == "a2" && byName["a/\(database)"]?.isFresh == true)
        #expect(byName["b/\(database)"]?.backup == "b1" && byName["b/\(database)"]?.isFresh == false)
        #expect(byName["d/\(database)"]?.isFresh == true && byName["d/\(database)"]?.age == 0)
        #expect(byName[database]?.backup == nil && byName[database]?.isFresh == false)
        #expect(!freshness.isFresh && freshness.findings.count == 2)
        #expect(BackupFreshness(manifests, maxAge: 26 * 3_600, now: now, source: "a").isFresh)
        #expect(!BackupFreshness(manifests, maxAge: 26 * 3_600, now: now, source: "e").isFresh)
        #expect(!BackupFreshness([], maxAge: 26 * 3_600, now: now).isFresh)
    }
}
