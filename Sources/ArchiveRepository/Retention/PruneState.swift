import Diagnostics
import Foundation

/// Everything a prune decides from: one look at a repository.
struct PruneState: Sendable {
    /// A manifest in the store.
    struct Backup: Sendable {
        let id: BackupID
        /// When the store got it, by the store's clock.
        var storedAt: Date?
        var content: Content

        enum Content: Sendable {
            case readable(BackupEntry)
            /// Why it cannot be read.
            case unreadable(FailureClass, String)
        }

        var entry: BackupEntry? {
            if case .readable(let entry) = content { entry } else { nil }
        }
    }

    /// The store's time.
    var now: Date
    var backups: [Backup] = []
    /// Objects of rows and schemas.
    var objects: [BlobEntry] = []
    var runKeys: [BackupID: BlobEntry] = [:]
    var marks = MarkBoard.Reading()
    var egress: [EgressEntryName] = []
    var drills: [DrillName] = []
    var unfinished: [(run: BackupID, entry: BlobEntry)] = []

    /// The backup before each, as the manifests say.
    var predecessors: [BackupID: BackupID] {
        backups.compactMap(\.entry).reduce(into: [:]) { $0[$1.id] = $1.predecessor }
    }

    /// Looks at a repository.
    ///
    /// The list of objects is made before any manifest is read: an object that is there then and in no manifest that is
    /// read later belongs to no backup.
    static func read(
        store: any BlobStore,
        index: any BackupIndex,
        marks: MarkBoard,
        onProgress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> PruneState {
        var state = PruneState(now: try store.now())
        for entry in try Layout.contentFolders.flatMap({ try store.list($0) }) {
            switch ObjectRole(entry.name) {
            case .chunk, .schema, .index: state.objects.append(entry)
            default: continue
            }
        }
        for entry in try store.list("runs/") {
            if case .runKey(let run) = ObjectRole(entry.name) { state.runKeys[run] = entry }
        }
        state.marks = try marks.read()
        state.egress = try EgressLedger.names(in: store)
        state.drills = try DrillLog.names(in: store)
        state.unfinished = try UnfinishedRuns.entries(in: store)
        let manifests = try store.list("manifests/")
        for (place, entry) in manifests.enumerated() {
            onProgress(place, manifests.count)
            guard case .manifest(let id) = ObjectRole(entry.name) else { continue }
            state.backups.append(
                Backup(id: id, storedAt: entry.modified, content: try content(of: id, index)))
        }
        return state
    }

    static func content(of id: BackupID, _ index: any BackupIndex) throws -> Backup.Content {
        do { return .readable(try index.entry(of: id)) } catch let error as any ExplainedError {
            switch error.failureClass {
            case .corrupt, .wrongKey, .unsupportedVersion: return .unreadable(error.failureClass, error.summary)
            default: throw error
            }
        }
    }
}
