public import ArchiveRepository
import Diagnostics
import Foundation
import OffPool
import SealedStreams

/// Proves that a backup can be read: every object, by the code path of a restore.
public struct BackupVerification: Sendable {
    private let reader: ReaderAccess

    /// A verification by the holder of the identity.
    ///
    /// - Parameter reader: The right to read the repository.
    public init(reader: ReaderAccess) { self.reader = reader }

    /// Decrypts and decodes the objects of a backup, to the end, whatever is damaged.
    ///
    /// The files of keys, the schema and the index are always read whole; of the objects of rows, those that the sample
    /// chooses. Of the others it is seen that they are there and have their length.
    ///
    /// - Parameters:
    ///   - manifest: The backup.
    ///   - sample: How many of the objects of rows to read.
    ///   - onProgress: Receives progress.
    /// - Returns: What was read, and everything that is damaged.
    /// - Throws: `RepositoryError` when the store cannot be read.
    public func verify(
        _ manifest: BackupManifest,
        sample: SampleSize = .all,
        onProgress: @escaping ProgressHandler = { _ in }
    ) async throws -> VerificationReport {
        let objects = manifest.objects
        let schema = Set([manifest.schemaArchive, manifest.schemaSQL, manifest.rangeIndex].compactMap(\.?.name))
        var chance = SystemRandomNumberGenerator()
        let chosen = sample.choice(of: objects.filter { !schema.contains($0.name) }, using: &chance)
        var report = VerificationReport(manifest: manifest)
        var found = ProblemCollector(manifest: manifest)
        let keys = try await offPool { [found, reader] in try found.keyFileProblems(in: reader) }
        found.problems += keys.problems
        if let environment = manifest.environment {
            do { _ = try environment.open(of: manifest.backup, by: reader) } catch { try found.noteManifest(error) }
        }
        let sizes = try await sizes(for: chosen.count + schema.count < objects.count)
        var totals = TableTotals()
        let opening = ObjectOpening(reader: reader, manifest: manifest)
        var wanted: [StoredObject] = []
        for object in objects {
            if schema.contains(object.name) || chosen.contains(object) {
                wanted.append(object)
            } else {
                found.compare(object, size: sizes[object.name])
            }
        }
        // What a damaged key sealed cannot be opened; its code still tells whether it is the object that was stored.
        let reads = wanted.map { (object: $0, opening: keys.runs.contains($0.run) ? nil : opening) }
        var done = objects.count - wanted.count
        try await inLanes(reads) { place, reading in
            let object = wanted[place]
            report.storedBytesRead += object.storedBytes
            switch reading {
            case .success(let content):
                report.add(content, isOpened: !keys.runs.contains(object.run))
                totals.add(content)
            case .failure(let error): try found.note(error, of: object.name)
            }
            done += 1
            let subject = found.subjects(of: object.name).first ?? ""
            onProgress(RunProgress(phase: "verify", done: done, total: objects.count, subject: subject))
        }
        onProgress(RunProgress(phase: "verify", done: objects.count, total: objects.count, subject: ""))
        if found.problems.isEmpty, chosen.count + schema.count == objects.count {
            for record in manifest.tables where !totals.agree(with: record) { found.noteRows(of: record) }
        }
        let order = Dictionary(objects.enumerated().map { ($1.name, $0) }) { first, _ in first }
        report.problems = found.problems.sorted { (order[$0.object] ?? -1) < (order[$1.object] ?? -1) }
        if !report.problems.isEmpty { try await lookAround(&report, manifest) }
        return report
    }

    /// Reads several objects at a time, and hands each result on as it comes; the first error of `take` stops the others.
    private func inLanes(
        _ reads: [(object: StoredObject, opening: ObjectOpening?)],
        _ take: (Int, Result<ObjectContent, any Error>) throws -> Void
    ) async throws {
        let lanes = min(Self.mostLanes, ProcessInfo.processInfo.activeProcessorCount)
        try await withThrowingTaskGroup(of: (Int, Result<ObjectContent, any Error>).self) { group in
            for (place, next) in reads.enumerated() {
                if place >= lanes, let (earlier, content) = try await group.next() { try take(earlier, content) }
                try Task.checkCancellation()
                group.addTask { (place, await read(next.object, next.opening)) }
            }
            for try await (place, content) in group { try take(place, content) }
        }
    }

    /// Each has the memory of a group of rows and more.
    private static let mostLanes = 4

    /// Reads an object; without the means to open it, its code is compared.
    private func read(
        _ object: StoredObject,
        _ opening: ObjectOpening?
    ) async -> Result<ObjectContent, any Error> {
        do {
            let content = try await offPool { [reader] in
                if let opening { return try opening.read(object.name) }
                guard try reader.check(object.name).code == object.code else {
                    throw BackupError(
                        code: "verify.another-object",
                        summary: "\(object.name) is a sealed object, and not the one that the manifest means.",
                        failureClass: .corrupt
                    )
                }
                return ObjectContent()
            }
            return .success(content)
        } catch { return .failure(error) }
    }

    /// The lengths of all objects in the store, where some are not going to be read.
    private func sizes(for isPart: Bool) async throws -> [BlobName: Int] {
        guard isPart else { return [:] }
        return try await offPool { [store = reader.repository.store] in
            let entries = try ["chunks/", "schemas/", "indexes/"].flatMap { try store.list($0) }
            return Dictionary(entries.map { ($0.name, $0.size) }) { first, _ in first }
        }
    }

    /// Which other backups the damage touches, and which it does not.
    private func lookAround(_ report: inout VerificationReport, _ manifest: BackupManifest) async throws {
        let listing = try await offPool { [reader] in
            try BackupCatalog(repository: reader.repository, access: reader).listing()
        }
        let objects = Set(report.problems.map(\.object))
        var untouched: [BackupManifest] = []
        for other in listing.manifests {
            let touched = other.touched(by: objects)
            if touched.isEmpty { untouched.append(other) }
            guard let id = BackupID(other.backup), other.backup != manifest.backup else { continue }
            report.problems = report.problems.map { problem in
                guard let tables = touched[problem.object] else { return problem }
                return problem.touching(id, tables: tables)
            }
        }
        report.untouched = untouched.reversed().map { .init(backup: $0.backup, snapshotAt: $0.snapshotAt) }
    }
}

extension BackupManifest {
    /// What of this backup is in some damaged objects, or is opened by damaged files of keys.
    func touched(by damaged: Set<BlobName>) -> [BlobName: Set<String>] {
        let subjects = subjectsByObject
        var touched: [BlobName: Set<String>] = [:]
        for object in objects {
            let own = subjects[object.name] ?? []
            if damaged.contains(object.name) { touched[object.name, default: []].formUnion(own) }
            // The writer's key opens an index, whatever became of the run's.
            guard let key = BlobName("runs/\(object.run).age"), damaged.contains(key), object != rangeIndex else {
                continue
            }
            touched[key, default: []].formUnion(own)
        }
        return touched
    }
}
