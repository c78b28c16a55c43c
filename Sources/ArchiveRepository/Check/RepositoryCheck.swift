import Diagnostics
import Foundation
import SealedStreams

/// Looks for everything that is wrong with a repository: what is missing, damaged, not needed, foreign or gone.
///
/// It reads and changes nothing, so it may run beside a backup; what that one has just stored then shows up as not needed
/// yet.
public struct RepositoryCheck: Sendable {
    /// Opens one object and decodes it to its end, as a restore does; throws what is wrong with it.
    public typealias Opener = @Sendable (ObjectReference) throws -> Void

    let records: SealedRecords
    let index: any BackupIndex
    private let open: Opener?
    private let process: RunningProcess
    var store: any BlobStore { records.store }

    /// A check of a repository.
    ///
    /// - Parameters:
    ///   - records: What opens claims and marks, and knows the keys that codes are made with.
    ///   - index: Whoever can open manifests.
    ///   - open: Opens an object; `nil` without the identity.
    public init(records: SealedRecords, index: any BackupIndex, open: Opener? = nil) {
        self.init(records: records, index: index, open: open, process: .current())
    }

    init(records: SealedRecords, index: any BackupIndex, open: Opener?, process: RunningProcess) {
        self.records = records
        self.index = index
        self.open = open
        self.process = process
    }

    /// Checks; blocks for as long as it takes.
    ///
    /// - Parameters:
    ///   - depth: How much to read.
    ///   - onProgress: Receives how many of how many objects are done.
    /// - Returns: What was found.
    /// - Throws: ``RepositoryError`` when the store cannot be read.
    public func run(
        _ depth: CheckDepth = CheckDepth(),
        onProgress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> CheckReport {
        var report = CheckReport()
        let now = try store.timeForReading()
        report.now = now
        // Listed before the manifests are read: what a running backup adds meanwhile is then not taken for missing.
        let early = try store.list("")
        let backups = try readManifests()
        let entries = backups.compactMap(\.entry)
        let needed = NeededObjects(entries)
        // Listed again, because a manifest may name what came after the first list.
        let contents = RepositoryContents(try store.list(""))
        report.backups = entries.count
        report.objects = needed.objects.count
        report.storedBytes = needed.objects.values.reduce(0) { $0 + $1.reference.storedBytes }

        let marks = try MarkBoard(records: records).read()
        report.problems += [records.access.repository.markerDamage?.problem].compactMap(\.self)
        report.problems += try closedProblems(backups) + manifestProblems(backups)
        report.problems += runKeyProblems(needed, contents)
        if depth.readsCodes {
            report.problems += try runKeyFileProblems(entries, needed, contents)
            report.problems += try holderProblems(contents)
            report.problems += try EgressLedger(records: records).problems()
            report.problems += try DrillLog(records: records).problems()
            report.problems += try UnfinishedRuns(records.access).problems()
            try checkRunKeys(needed, contents, &report)
        }
        try checkObjects(needed, contents, depth, &report, onProgress)
        report.others += try contents.foreignFindings(records)
        report.others += marks.findings
        report.others += try claimFindings()
        report.others += chainFindings(backups, marks, &report)
        report.others += timeFindings(entries, now: now)
        report.others += RepositoryContents(early).orphanFindings(
            needed, isComplete: entries.count == backups.count, now: now, &report)
        return report
    }

    private func readManifests() throws -> [PruneState.Backup] {
        try store.list("manifests/").compactMap { entry in
            guard case .manifest(let id) = ObjectRole(entry.name) else { return nil }
            return PruneState.Backup(id: id, storedAt: entry.modified, content: try PruneState.content(of: id, index))
        }
    }

    // MARK: Objects

    private func checkObjects(
        _ needed: NeededObjects,
        _ contents: RepositoryContents,
        _ depth: CheckDepth,
        _ report: inout CheckReport,
        _ onProgress: (Int, Int) -> Void
    ) throws {
        let sorted = needed.objects.sorted { $0.key < $1.key }.map(\.value)
        var chance = SystemRandomNumberGenerator()
        let chosen = depth.opens?.choice(of: sorted.map(\.reference.name), using: &chance) ?? []
        for (place, need) in sorted.enumerated() {
            try check(need, contents, depth, opens: chosen.contains(need.reference.name), &report)
            onProgress(place + 1, sorted.count)
        }
    }

    private func check(
        _ need: NeededObjects.Need,
        _ contents: RepositoryContents,
        _ depth: CheckDepth,
        opens: Bool,
        _ report: inout CheckReport
    ) throws {
        let name = need.reference.name
        func note(_ kind: ObjectProblem.Kind, _ reason: String) {
            report.problems.append(
                ObjectProblem(
                    kind: kind, object: name, reason: reason, backups: need.backups, tables: need.subjects.sorted()))
        }
        guard let size = contents.sizes[name] else { return note(.missing, "\(name) is missing.") }
        guard size == need.reference.storedBytes else {
            return note(.damaged, "\(name) has \(size) bytes instead of \(need.reference.storedBytes).")
        }
        guard !need.isContradicted else {
            return note(.damaged, "\(name) is described differently by different manifests.")
        }
        do {
            if depth.readsCodes {
                try checkCode(need.reference)
                report.checkedCodes += 1
            }
            if let open, opens {
                report.openedBytes += size
                try open(need.reference)
                report.opened += 1
            }
        } catch let error as any ExplainedError {
            guard let kind = ObjectProblem.Kind(error) else { throw error }
            note(kind, error.summary)
        }
    }

    private func checkCode(_ reference: ObjectReference) throws {
        let found = try records.access.check(reference.name)
        guard found.code == reference.code, found.run == reference.run else {
            throw RepositoryError.corrupt(
                reference.name.description, "is a sealed object, and not the one that the manifest means")
        }
    }

    private func runKeyProblems(_ needed: NeededObjects, _ contents: RepositoryContents) -> [ObjectProblem] {
        needed.runs.sorted { $0.key < $1.key }.compactMap { run, backups in
            guard let name = try? Layout.runKey(run), contents.sizes[name] == nil else { return nil }
            return ObjectProblem(
                kind: .missing,
                object: name,
                reason: "\(name) is missing: nothing opens the rows that run \(run) stored.",
                backups: backups,
                tables: needed.subjects(ofRun: run)
            )
        }
    }

    private func manifestProblems(_ backups: [PruneState.Backup]) throws -> [ObjectProblem] {
        try backups.compactMap { backup in
            guard case .unreadable(let failure, let summary) = backup.content,
                let name = try? Layout.manifest(backup.id)
            else { return nil }
            let kind: ObjectProblem.Kind =
                switch failure {
                case .unsupportedVersion: .newer
                case .corrupt: .damaged
                default: .unreadable
                }
            // Not the manifest's fault: the file of keys is a problem of its own.
            guard try closing(name) == nil else { return nil }
            return ObjectProblem(kind: kind, object: name, reason: summary, backups: [backup.id], tables: [])
        }
    }

    private func claimFindings() throws -> [Finding] {
        try ClaimBoard(records: records, process: process).claims().compactMap(\.finding)
    }
}
