import Diagnostics
import Foundation
import SealedStreams

/// What the runs of each month received from their databases: one small sealed document a run, written once.
///
/// An entry holds the sums of its month up to itself, so that reading a month takes a list and at most three documents,
/// however often backups are made. Runs write one after the other, because a claim keeps them apart.
public struct EgressLedger: Sendable {
    private let records: SealedRecords

    /// The ledger of a repository.
    ///
    /// - Parameter records: What seals and opens its entries.
    public init(records: SealedRecords) { self.records = records }

    /// What a month's runs received so far.
    ///
    /// - Parameter month: The month.
    /// - Returns: The sums; nothing received when no entry opens.
    /// - Throws: ``RepositoryError`` when the store cannot be read.
    public func totals(of month: EgressMonth) throws -> EgressTotals {
        let names = try Self.names(in: records.store, of: month).sorted { $0.run < $1.run }
        var totals = EgressTotals(month: month)
        totals.firstDay = names.first.flatMap { Int($0.run.description.prefix(8).suffix(2)) }
        var newest: EgressEntry?
        var opened = 0
        for name in names.reversed() {
            guard let entry = try entry(name) else {
                totals.unreadable += 1
                continue
            }
            // Names go by the clocks of the machines, of which one may be ahead; entries by that of the store.
            if entry.at > newest?.at ?? .distantPast { newest = entry }
            opened += 1
            if opened == 3 { break }
        }
        totals.sources = newest?.month ?? [:]
        totals.runs = newest?.runs ?? 0
        return totals
    }

    /// Notes what a run received; its claim has to be held still.
    ///
    /// - Parameters:
    ///   - note: What it received.
    ///   - run: The run, which has noted nothing yet.
    /// - Throws: ``RepositoryError`` when the store cannot be written.
    public func add(_ note: EgressNote, of run: BackupID) throws {
        let name = EgressEntryName(run)
        let before = try totals(of: name.month)
        let largest = note.tables.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(EgressEntry.mostTables)
        let entry = EgressEntry(
            at: try records.store.now(),
            source: note.source,
            hasBackup: note.hasBackup,
            bytes: note.bytes,
            notCounted: note.notCounted,
            tables: Dictionary(uniqueKeysWithValues: largest.map { ($0.key, $0.value) }),
            month: before.sources.merging([note.source: note.bytes], uniquingKeysWith: +),
            runs: before.runs + 1
        )
        try records.put(entry, as: try name.blob, kind: .mark)
    }

    /// Whether a run is in the ledger.
    ///
    /// - Parameter run: The run.
    /// - Returns: Whether there is an entry, which is not read.
    /// - Throws: ``RepositoryError`` when the store cannot be read.
    public func holds(_ run: BackupID) throws -> Bool {
        try records.store.size(of: try EgressEntryName(run).blob) != nil
    }

    /// The entries that do not open; nothing but the sum of their month depends on them.
    func problems() throws -> [ObjectProblem] {
        try Self.names(in: records.store).compactMap { name in
            do {
                _ = try content(of: name)
                return nil
            } catch let error as any ExplainedError {
                guard let kind = ObjectProblem.Kind(error) else { throw error }
                return ObjectProblem(kind: kind, object: try name.blob, reason: error.summary, backups: [], tables: [])
            }
        }
    }

    private func content(of name: EgressEntryName) throws -> EgressEntry {
        try records.content(EgressEntry.self, of: try name.blob, kind: .mark)
    }

    private func entry(_ name: EgressEntryName) throws -> EgressEntry? {
        do { return try content(of: name) } catch let error
            as any ExplainedError
        {
            switch error.failureClass {
            case .corrupt, .unsupportedVersion, .wrongKey, .notFound: return nil
            default: throw error
            }
        }
    }

    /// The names of all entries, or of one month's.
    static func names(in store: any BlobStore, of month: EgressMonth? = nil) throws -> [EgressEntryName] {
        try store.list(EgressEntryName.folder + (month.map { "\($0)/" } ?? "")).compactMap { entry in
            guard case .egress(let name) = ObjectRole(entry.name) else { return nil }
            return name
        }
    }

    /// The entries that a prune removes: those of months more than thirteen before the present one.
    static func outdated(_ names: [EgressEntryName], now: Date) -> [EgressEntryName] {
        guard let present = EgressMonth.of(now) else { return [] }
        return names.filter { present.index - $0.month.index > 13 }.sorted { $0.run < $1.run }
    }
}
