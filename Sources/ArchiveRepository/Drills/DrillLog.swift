import Diagnostics
import Foundation
import SealedStreams

/// The drills of a repository: one small sealed document each, written once.
public struct DrillLog: Sendable {
    private let records: SealedRecords

    /// The drills of a repository.
    ///
    /// - Parameter records: What seals and opens them.
    public init(records: SealedRecords) { self.records = records }

    /// Notes a drill.
    ///
    /// - Parameter record: What it found.
    /// - Returns: The record's name, which sorts by time.
    /// - Throws: ``RepositoryError`` when it cannot be put, of class `wrongKey` when there is only the right to read.
    @discardableResult
    public func add(_ record: DrillRecord) throws -> BackupID {
        let id = try BackupID(now: record.at)
        try records.put(record, as: try DrillName(id).blob, kind: .mark)
        return id
    }

    /// The newest drills.
    ///
    /// - Parameters:
    ///   - count: How many at most.
    ///   - isWanted: Which ones count.
    /// - Returns: Those that open, newest first. One that does not open is passed over: `repository check` names it.
    /// - Throws: ``RepositoryError`` when the store cannot be read.
    public func newest(_ count: Int, where isWanted: (DrillRecord) -> Bool = { _ in true }) throws -> [DrillRecord] {
        var found: [DrillRecord] = []
        for name in try Self.names(in: records.store).sorted(by: { $0.id > $1.id }) where found.count < count {
            do {
                let record = try content(of: name)
                if isWanted(record) { found.append(record) }
            } catch let error as any ExplainedError {
                guard [.corrupt, .unsupportedVersion, .wrongKey, .notFound].contains(error.failureClass) else {
                    throw error
                }
            }
        }
        return found
    }

    /// The records that do not open; no backup depends on them.
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

    private func content(of name: DrillName) throws -> DrillRecord {
        try records.content(DrillRecord.self, of: try name.blob, kind: .mark)
    }

    /// The names of all records.
    static func names(in store: any BlobStore) throws -> [DrillName] {
        try store.list(DrillName.folder).compactMap { entry in
            guard case .drill(let name) = ObjectRole(entry.name) else { return nil }
            return name
        }
    }

    /// The records that a prune removes: those of more than thirteen months before the present, but never the last.
    static func outdated(_ names: [DrillName], now: Date) -> [DrillName] {
        guard let present = EgressMonth.of(now) else { return [] }
        let sorted = names.sorted { $0.id < $1.id }
        return sorted.dropLast().filter { present.index - EgressMonth(of: $0.id).index > 13 }
    }
}

/// The name of a record: `drills/<time and random digits>`.
struct DrillName: Sendable, Hashable {
    static let folder = "drills/"

    let id: BackupID

    init(_ id: BackupID) { self.id = id }

    var blob: BlobName { get throws { try Layout.name("\(Self.folder)\(id)") } }
}
