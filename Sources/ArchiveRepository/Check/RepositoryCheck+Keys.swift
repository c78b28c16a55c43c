import Diagnostics
import SealedStreams

extension RepositoryCheck {
    private var reader: ReaderAccess? { records.access as? ReaderAccess }

    /// Holders' files that are not what was sealed: as the writer key says, and as those say that do not open.
    func holderProblems(_ contents: RepositoryContents) throws -> [ObjectProblem] {
        let own = (reader?.damagedFiles ?? []).map(\.problem)
        let known = Set(own.map(\.object))
        return try own + holderFileProblems(contents).filter { !known.contains($0.object) }
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

    /// Whether what sealed a manifest is closed to the reader, because the reader's file is damaged.
    func isClosedToReader(_ manifest: BlobName) throws -> Bool {
        guard let damaged = reader?.damagedFiles, !damaged.isEmpty else { return false }
        do {
            let writer = try records.writer(of: manifest)
            return damaged.contains { $0.generation == writer }
        } catch let error as any ExplainedError where ObjectProblem.Kind(error) != nil { return false }
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
