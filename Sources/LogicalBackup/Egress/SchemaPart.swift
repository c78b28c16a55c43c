import ArchiveRepository
import Foundation
import OffPool
import PostgresClient
import SealedStreams

/// The schema of a backup: dumped, or that of the last backup, when it is known to be the same.
struct SchemaPart: Sendable {
    /// Where the schema comes from.
    enum Content: Sendable {
        /// The objects of an earlier backup.
        case same(archive: StoredObject, script: StoredObject)
        /// Files that `pg_dump` has just written.
        case new(SchemaDump)
    }

    /// Where it comes from.
    let content: Content
    /// What decides it, for the next backup.
    let fingerprint: SchemaFingerprint
    /// Why `pg_dump` ran; empty when it did not.
    let reasons: [String]

    /// Stores what is new.
    ///
    /// Blocks: call it by `offPool`.
    ///
    /// - Parameter run: The backup being written.
    /// - Returns: The objects for the manifest.
    /// - Throws: `RepositoryError` when the place cannot be written.
    func store(in run: RunWriter) throws -> (archive: StoredObject, script: StoredObject) {
        switch content {
        case .same(let archive, let script): return (archive, script)
        case .new(let dump):
            let archive = try run.putSchema(Data(contentsOf: dump.archive))
            return (archive, try run.putSchema(Data(contentsOf: dump.script)))
        }
    }
}

/// Makes the schema of a backup.
struct SchemaSource: Sendable {
    /// The programs.
    let programs: ClientPrograms
    /// The variables of the process.
    let environment: [String: String]
    /// Where files go.
    let folder: TemporaryFolder
    /// Counts what `pg_dump` receives.
    let meter: EgressMeter
    /// The repository, to look whether earlier objects are still there.
    let repository: Repository
    /// The backup whose schema may be used again; `nil` to dump it in any case, as `--full` does.
    let previous: BackupManifest?

    /// Takes the schema from the last backup, or dumps it.
    ///
    /// - Parameters:
    ///   - leader: The session that holds the snapshot.
    ///   - snapshot: What `pg_dump` imports.
    ///   - roleScript: What follows the dump as SQL, read in the snapshot.
    ///   - serverIsAsBefore: What the guard says of the server of `previous` and of this one.
    /// - Returns: The schema; `nil` when somebody waits for a lock that pg_dump needs too, and everything has to let go.
    /// - Throws: ``BackupError`` with what the program said, `PostgresError`, `RepositoryError`.
    func schema(
        _ leader: Session,
        snapshot: String,
        roleScript: String,
        serverIsAsBefore: Bool
    ) async throws -> SchemaPart? {
        let fingerprint = try await SchemaFingerprint.read(
            in: leader, program: programs.versionLine, roleScript: roleScript)
        var reasons = fingerprint.reasonsToDump(after: previous?.schema, serverIsAsBefore: serverIsAsBefore)
        if reasons.isEmpty, let previous {
            let (archive, script) = (previous.schemaArchive, previous.schemaSQL)
            if try await offPool({ try areWhole([archive, script], keyFiles: previous.keyFiles) }) {
                let content = SchemaPart.Content.same(archive: archive, script: script)
                return SchemaPart(content: content, fingerprint: fingerprint, reasons: [])
            }
            reasons = ["the schema of backup \(previous.backup) is not in the repository any more"]
        }
        let process = try await leader.query("select pg_catalog.pg_backend_pid()::text").first?[0]
        let dump = try await SchemaDump.make(
            programs: programs,
            settings: await leader.settingsInUse,
            snapshot: snapshot,
            isPooled: process != String(leader.backendPID),
            folder: folder,
            environment: environment,
            meter: meter
        )
        guard let dump else { return nil }
        try dump.append(roleScript)
        return SchemaPart(content: .new(dump), fingerprint: fingerprint, reasons: reasons)
    }

    /// Whether objects are there as the manifest has them, and what opens them is the file it was.
    private func areWhole(_ objects: [StoredObject], keyFiles: [KeyFile]) throws -> Bool {
        for object in objects {
            guard try repository.store.size(of: object.name) == object.storedBytes else { return false }
        }
        let names = Set(objects.map { "runs/\($0.run).age" })
        let files = keyFiles.filter { names.contains($0.name.description) }
        guard files.count == names.count else { return false }
        return try files.allSatisfy { file in
            guard let size = try repository.store.size(of: file.name), size < 1 << 20 else { return false }
            return try SHA256.digest(try repository.store.bytes(of: file.name)) == file.sha256
        }
    }
}
