import Diagnostics
import SealedStreams

extension RepositoryCheck {
    private var reader: ReaderAccess? { records.access as? ReaderAccess }

    /// The reader's own files that do not open, with the backups that they close.
    func closedProblems(_ backups: [PruneState.Backup]) throws -> [ObjectProblem] {
        try (reader?.damagedFiles ?? []).map { damage in
            damage.problem(
                touching: try backups.map(\.id).filter { try closing(try Layout.manifest($0)) == damage })
        }
    }

    /// Holders' files that are not what the writer key vouches for.
    func holderProblems(_ contents: RepositoryContents) throws -> [ObjectProblem] {
        // Where the reader's own file is damaged, nothing of that generation opens, its marks neither.
        let closed = (reader?.damagedFiles ?? []).map { "\(Layout.keys)\($0.generation)/" }
        return try holderFileProblems(contents).filter { problem in
            !closed.contains { problem.object.description.hasPrefix($0) }
        }
    }

    /// Files of runs' keys that are not what their manifests note, with the tables that they close.
    func runKeyFileProblems(
        _ entries: [BackupEntry],
        _ needed: NeededObjects,
        _ contents: RepositoryContents
    ) throws -> [ObjectProblem] {
        try keyFileProblems(entries, contents).map { problem in
            guard case .runKey(let run) = ObjectRole(problem.object) else { return problem }
            return ObjectProblem(
                kind: problem.kind, object: problem.object, reason: problem.reason, backups: problem.backups,
                tables: needed.subjects(ofRun: run))
        }
    }

    /// The reader's damaged file that closes what sealed a manifest.
    func closing(_ manifest: BlobName) throws -> HolderFileDamage? {
        guard let damaged = reader?.damagedFiles, !damaged.isEmpty else { return nil }
        do {
            let writer = try records.writer(of: manifest)
            return damaged.first { $0.generation == writer }
        } catch let error as any ExplainedError where ObjectProblem.Kind(error) != nil { return nil }
    }

    /// Looks at the file of every run's key: with the identity, whether it opens; without, whether it has the form of one.
    ///
    /// Also at those that no backup needs: the next backup may take up what they opened.
    func checkRunKeys(
        _ needed: NeededObjects,
        _ contents: RepositoryContents,
        _ report: inout CheckReport
    ) throws {
        let known = Set(report.problems.map(\.object))
        for name in contents.sizes.keys.sorted() {
            guard case .runKey(let run) = ObjectRole(name), !known.contains(name) else { continue }
            do {
                if let reader {
                    _ = try reader.dataKey(of: run)
                } else {
                    try AgeFile.checkForm(of: try store.bytes(of: name, limit: 1 << 20), name: name.description)
                }
            } catch let error as any ExplainedError {
                // Removed by a prune since it was listed, or of keys that are not at hand.
                if [.notFound, .wrongKey].contains(error.failureClass) || error.code == RepositoryError.missingCode {
                    continue
                }
                guard ObjectProblem.Kind(error) != nil else { throw error }
                if let backups = needed.runs[run] {
                    report.problems.append(
                        ObjectProblem(
                            kind: .damaged, object: name, reason: error.summary, backups: backups,
                            tables: needed.subjects(ofRun: run)))
                } else {
                    report.others.append(Self.unusableKey(name, error.summary))
                }
            }
        }
    }

    private static func unusableKey(_ name: BlobName, _ reason: String) -> Finding {
        Finding(
            code: "repository.unusable-run-key",
            severity: .warning,
            subject: name.description,
            message: "\(reason) No backup needs it, and a later one must not take up what it should open.",
            remedy: Remedy(
                "Delete \(name); then make a backup that checks what is there:",
                command: "wheels-db backup create --full")
        )
    }
}
