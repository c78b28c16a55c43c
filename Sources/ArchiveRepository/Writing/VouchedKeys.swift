import Diagnostics
import Foundation
import SealedStreams

/// Whether the file with a run's data key is still what every manifest notes of it.
///
/// An object that no manifest of late names may be used again only if somebody can open it. The machine that makes backups
/// opens no such file; but it can compare it with what the manifests vouch for. They are read when that is asked first,
/// which is after a run was killed, or with `--full`.
///
/// `@unchecked`: `state` is touched under `lock` alone.
final class VouchedKeys: @unchecked Sendable {
    private struct State {
        var digests: [BlobName: Set<Digest>]?
        var sound: [BackupID: Bool] = [:]
    }

    private let store: any BlobStore
    private let load: @Sendable () throws -> [KeyFile]
    private let lock = NSLock()
    private var state = State()

    /// Prepares to ask; nothing is read yet.
    ///
    /// - Parameters:
    ///   - store: Where the files are.
    ///   - load: Reads what all manifests note.
    init(store: any BlobStore, load: @escaping @Sendable () throws -> [KeyFile]) {
        self.store = store
        self.load = load
    }

    /// Whether the file is there, and every manifest that notes it notes these bytes.
    func isSound(_ run: BackupID) throws -> Bool {
        try lock.withLock {
            if let known = state.sound[run] { return known }
            if state.digests == nil {
                state.digests = Dictionary(try load().map { ($0.name, [$0.sha256]) }) { $0.union($1) }
            }
            let name = try Layout.runKey(run)
            let isSound: Bool
            do {
                let digest = try SHA256.digest(try store.bytes(of: name, limit: 1 << 20))
                isSound = state.digests?[name].map { $0 == [digest] } ?? true
            } catch let error as RepositoryError where [.notFound, .corrupt].contains(error.failureClass) {
                isSound = false
            }
            state.sound[run] = isSound
            return isSound
        }
    }
}
