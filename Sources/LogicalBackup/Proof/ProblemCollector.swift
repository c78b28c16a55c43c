import ArchiveRepository
import CatalogInspection
import Diagnostics
import SealedStreams

/// Gathers what is wrong with the objects of one backup.
struct ProblemCollector: Sendable {
    private let manifest: BackupManifest
    private let backup: [BackupID]
    private let subjects: [BlobName: Set<String>]
    var problems: [ObjectProblem] = []

    init(manifest: BackupManifest) {
        self.manifest = manifest
        backup = [BackupID(manifest.backup)].compactMap(\.self)
        subjects = manifest.subjectsByObject
    }

    /// What is in an object, in order.
    func subjects(of name: BlobName) -> [String] { (subjects[name] ?? []).sorted() }

    /// Notes why an object cannot be read.
    ///
    /// - Throws: The error itself when it says nothing about the object, such as that of a store that does not answer.
    mutating func note(_ error: any Error, of name: BlobName) throws {
        guard let explained = error as? any ExplainedError, let kind = ObjectProblem.Kind(explained) else {
            throw error
        }
        add(kind, name, explained.summary)
    }

    /// Compares the length of an object that is not read with the manifest's.
    mutating func compare(_ object: StoredObject, size: Int?) {
        guard let size else { return add(.missing, object.name, "\(object.name) is missing.") }
        guard size != object.storedBytes else { return }
        add(.damaged, object.name, "\(object.name) has \(size) bytes instead of \(object.storedBytes).")
    }

    /// Notes that the rows of a table are not those that were backed up, though every object is what was stored.
    mutating func noteRows(of record: TableRecord) {
        let name = record.table.displayName
        guard let object = record.chunks.first?.pieces.first?.object.name ?? BlobName("manifests/\(manifest.backup)")
        else { return }
        problems.append(
            problem(
                .damaged, object,
                "\(name): what its objects hold has other rows, or another digest, than its manifest notes.", [name]))
    }

    /// Notes that something which the manifest itself holds cannot be read.
    mutating func noteManifest(_ error: any Error) throws {
        guard let name = BlobName("manifests/\(manifest.backup)") else { throw error }
        try note(error, of: name)
    }

    private mutating func add(_ kind: ObjectProblem.Kind, _ name: BlobName, _ reason: String) {
        problems.append(problem(kind, name, reason, subjects(of: name)))
    }

    private func problem(
        _ kind: ObjectProblem.Kind,
        _ name: BlobName,
        _ reason: String,
        _ tables: [String]
    ) -> ObjectProblem {
        ObjectProblem(kind: kind, object: name, reason: reason, backups: backup, tables: tables)
    }

    /// Files of data keys that are missing or not what was stored, and their runs.
    func keyFileProblems(in reader: ReaderAccess) throws -> (problems: [ObjectProblem], runs: Set<BackupID>) {
        let touched = manifest.touched(by: Set(manifest.keyFiles.map(\.name)))
        var problems: [ObjectProblem] = []
        var runs: Set<BackupID> = []
        for run in Set(manifest.objects.map(\.run)).sorted() {
            guard let file = manifest.keyFiles.first(where: { $0.name.description == "runs/\(run).age" }) else {
                continue
            }
            do { try reader.check(file, of: run) } catch let error as any ExplainedError {
                guard let kind = ObjectProblem.Kind(error) else { throw error }
                runs.insert(run)
                problems.append(problem(kind, file.name, error.summary, (touched[file.name] ?? []).sorted()))
            }
        }
        return (problems, runs)
    }
}
