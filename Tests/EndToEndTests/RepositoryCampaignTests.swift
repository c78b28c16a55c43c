import Foundation
import ObjectStoreTesting
import PostgresTesting
import Testing

@testable import ArchiveRepository

/// Backups and prunes that are killed at any moment, on a folder and on S3: a few in `make test`, many in `make soak`.
@Suite("A repository whose runs are killed", .tags(.server))
struct RepositoryCampaignTests {
    private static let rounds = ProcessInfo.processInfo.environment["WHEELS_SOAK"].flatMap { Int($0) } ?? 2

    /// Backups that a killed prune has to remove.
    private static let deletions = rounds < 20 ? 1 : 4

    @Test(.scratchDatabase) func `killed backups leave a folder clean, and the next run works`() async throws {
        try await campaign(.backup, "a folder", on: .onFolder())
    }

    @Test(.scratchDatabase) func `killed prunes leave a folder clean, and the next run works`() async throws {
        try await campaign(.prune, "a folder", on: .onFolder())
    }

    @Test(.scratchDatabase, .requiresObjectStore)
    func `killed backups leave a bucket clean, and the next run works`() async throws {
        try await campaign(.backup, "S3", on: .onS3())
    }

    @Test(.scratchDatabase, .requiresObjectStore)
    func `killed prunes leave a bucket clean, and the next run works`() async throws {
        try await campaign(.prune, "S3", on: .onS3())
    }

    @Test(.scratchDatabase) func `a second copy of the same content is found`() async throws {
        let campaign = try await RepositoryCampaign.onFolder()
        _ = try await campaign.life(of: .backup)
        let names = try await campaign.objects()
        let chunk = try #require(names.filter { $0.hasPrefix("chunks/") }.min())
        let file = campaign.work.repository.appendingPathComponent(chunk)
        let whole = try Data(contentsOf: file)
        // A damaged object that no manifest names is passed over: the next run stores its content again.
        for manifest in names where manifest.hasPrefix("manifests/") {
            try FileManager.default.removeItem(at: campaign.work.repository.appendingPathComponent(manifest))
        }
        var damaged = whole
        damaged[whole.count / 2] ^= 1
        try FileManager.default.removeItem(at: file)
        try damaged.write(to: file)
        _ = try await campaign.life(of: .backup)
        try FileManager.default.removeItem(at: file)
        try whole.write(to: file)
        let census = try ContentCensus(
            of: campaign.store, identityFile: String(contentsOf: campaign.work.identity, encoding: .utf8))
        #expect(census.twins.count == 1 && census.twins.first?.contains { $0.description == chunk } == true)
    }

    private func campaign(
        _ victim: RepositoryCampaign.Victim,
        _ place: String,
        on campaign: RepositoryCampaign
    ) async throws {
        _ = try await campaign.life(of: .backup)
        try await campaign.change(1)
        var life = try await campaign.life(of: .backup)
        if victim == .prune {
            try await campaign.fill(Self.deletions)
            life = try await campaign.life(of: .prune)
        }
        var stages: [String: Int] = [:]
        for round in 0..<Self.rounds {
            let comment = "round \(round) of killed \(victim)s on \(place)"
            let beginning = RepositoryCampaign.Beginning(round: round)
            if victim == .prune { try await campaign.fill(Self.deletions, comment) }
            try await campaign.change(round)
            // It deletes the one before this, and removes what was deleted.
            if victim == .prune { _ = try await campaign.life(of: .backup, comment) }
            let before = try await campaign.objects()
            let outcome = try await campaign.kill(victim, round, from: beginning, of: life, before)
            #expect([0, 137].contains(outcome.status), "\(comment): \(outcome)")
            let after = try await campaign.objects()
            let stage = outcome.status == 0 ? "had ended" : Self.stage(victim, before, after)
            life.learn(from: beginning, hadEnded: outcome.status == 0)
            stages[stage, default: 0] += 1
            let described = "\(comment), killed when it \(stage)"
            try await campaign.expectClean(described, ["--read-data"])

            _ = try await campaign.life(of: .backup, described)
            _ = try await campaign.life(of: .prune, described)
            try await campaign.expectClean(described)
            try await campaign.expectVerified(described)
            try await campaign.expectTidy(described)
            if (round + 1) % 10 == 0 { print("\(comment): \(stages)") }
        }
        let figures = stages.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        print("killed \(victim)s on \(place): \(Self.rounds), of which \(figures)")
        // A campaign that always comes too early or too late shows nothing.
        let middle = victim == .backup ? "was storing" : "was removing"
        #expect(Self.rounds < 20 || stages[middle, default: 0] >= Self.rounds / 20, "\(figures)")
    }

    /// What a killed run was at, told from what it has left.
    private static func stage(
        _ victim: RepositoryCampaign.Victim,
        _ before: Set<String>,
        _ after: Set<String>
    ) -> String {
        func holds(_ names: Set<String>, _ folders: String...) -> Bool {
            names.contains { name in folders.contains { name.hasPrefix($0 + "/") } }
        }
        let (added, removed) = (after.subtracting(before), before.subtracting(after))
        switch victim {
        case .backup:
            if holds(added, "manifests") { return "had committed" }
            if holds(added, "chunks", "schemas", "runs") { return "was storing" }
        case .prune:
            if holds(removed, "manifests", "chunks", "schemas", "runs") { return "was removing" }
            if holds(added, "marks") { return "was marking" }
        }
        return holds(added, "claims") ? "had claimed" : "had written nothing"
    }
}
