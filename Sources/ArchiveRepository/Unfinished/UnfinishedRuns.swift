import Diagnostics
import OffPool
import SealedStreams

/// What runs have read that ended before their backup was whole: one sealed document each, for the next run of the same
/// database alone.
///
/// It makes no backup: nothing lists, verifies or restores it.
public struct UnfinishedRuns: Sendable {
    static let folder = "unfinished/"

    private let access: any DocumentAccess

    /// The unfinished runs of a repository.
    ///
    /// - Parameter access: Opens the documents.
    public init(_ access: any DocumentAccess) { self.access = access }

    /// The runs, newest first.
    ///
    /// - Returns: Their names.
    /// - Throws: ``RepositoryError`` when the store cannot be read.
    public func runs() throws -> [BackupID] {
        try Self.entries(in: access.repository.store).map(\.run).sorted(by: >)
    }

    /// What a run left.
    ///
    /// - Parameter run: The run.
    /// - Returns: The document.
    /// - Throws: ``RepositoryError`` or `SealedStreamError`: corrupt when it is missing or damaged, wrong key when other
    ///   keys sealed it.
    public func document(of run: BackupID) throws -> [UInt8] {
        try access.document(try Layout.unfinished(run), kind: .mark)
    }

    /// The documents that do not open; no backup depends on them.
    func problems() throws -> [ObjectProblem] {
        try runs().compactMap { run in
            do {
                _ = try document(of: run)
                return nil
            } catch let error as any ExplainedError {
                // Removed by a backup since it was listed.
                if error.code == RepositoryError.missingCode { return nil }
                guard let kind = ObjectProblem.Kind(error) else { throw error }
                let name = try Layout.unfinished(run)
                return ObjectProblem(kind: kind, object: name, reason: error.summary, backups: [], tables: [])
            }
        }
    }

    static func entries(in store: any BlobStore) throws -> [(run: BackupID, entry: BlobEntry)] {
        try store.list(folder).compactMap { entry in
            guard case .unfinished(let run) = ObjectRole(entry.name) else { return nil }
            return (run, entry)
        }
    }
}

extension RunWriter {
    /// Leaves what this run has read for the next one, in place of a backup: the objects stay then.
    ///
    /// - Parameter document: What was read, and where it is.
    /// - Throws: ``RepositoryError`` when it cannot be put, or the claim was lost.
    public func leave(_ document: [UInt8]) throws {
        try Cancellation.shielded {
            try confirmClaim()
            try access.putDocument(document, as: try Layout.unfinished(id), kind: .mark)
        }
    }

    /// Removes what earlier runs left, now that there is a backup; where that is not allowed, a prune does it.
    ///
    /// - Parameter runs: The runs.
    public func removeUnfinished(_ runs: [BackupID]) {
        Cancellation.shielded {
            for run in runs where run != id {
                guard (try? requireClaim()) != nil, let name = try? Layout.unfinished(run) else { return }
                try? access.repository.store.delete(name)
            }
        }
    }
}
