import ArchiveRepository
import Foundation
import LogicalBackup
import PostgresClient
import PostgresTesting
import SealedStreams

/// A repository in a folder of its own, with the keys to it.
final class ScratchRepository: Sendable {
    let path: String
    let identity: AgeIdentity
    let repository: Repository
    let writer: WriterAccess
    private let isOwner: Bool

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("wheels-repo-\(UUID().uuidString)").path
        identity = try AgeIdentity()
        let keys = try KeyGeneration()
        repository = try Repository.create(
            in: LocalBlobStore(path: path), holders: [.recipient(identity.recipient)], generation: keys)
        writer = try repository.writer(key: keys.writerKey)
        isOwner = true
    }

    /// The same folder by keys of a new generation; it stays as long as the other one does.
    init(rotating other: ScratchRepository) throws {
        path = other.path
        identity = other.identity
        repository = other.repository
        let keys = try KeyChanges(other.reader).rotate(for: [.recipient(identity.recipient)]) { _ in }
        writer = try repository.writer(key: keys.writerKey)
        isOwner = false
    }

    deinit { if isOwner { try? FileManager.default.removeItem(atPath: path) } }

    var reader: ReaderAccess { get throws { try repository.reader(.identities([identity])) } }

    func backUp(
        _ settings: ConnectionSettings,
        jobs: Int = 2,
        lockTimeout: String = "30s",
        onProgress: @escaping ProgressHandler = { _ in },
        _ change: (inout BackupOptions) -> Void = { _ in }
    ) async throws -> BackupManifest {
        var options = BackupOptions(
            jobs: jobs, lockTimeout: lockTimeout, environment: Self.environment, toolVersion: "test")
        change(&options)
        return try await BackupRun(settings: settings, options: options, onProgress: onProgress).create(in: writer)
    }

    func restore(
        _ manifest: BackupManifest,
        into settings: ConnectionSettings,
        jobs: Int = 2,
        tables: [String]? = nil
    ) async throws -> RestoreReport {
        let options = RestoreOptions(jobs: jobs, tables: tables, environment: Self.environment, toolVersion: "test")
        return try await RestoreRun(settings: settings, reader: reader, options: options).run(manifest)
    }

    static var environment: [String: String] { ProcessInfo.processInfo.environment }
}
