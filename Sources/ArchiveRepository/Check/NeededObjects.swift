import Foundation

/// What the readable backups of a repository need, by object.
struct NeededObjects: Sendable {
    /// One object, and who needs it.
    struct Need: Sendable {
        let reference: ObjectReference
        var backups: [BackupID]
        var subjects: Set<String>
        /// A manifest describes it differently than another one.
        var isContradicted = false
    }

    private(set) var objects: [BlobName: Need] = [:]
    private(set) var runs: [BackupID: [BackupID]] = [:]

    init(_ entries: [BackupEntry]) {
        for entry in entries.sorted(by: { ($0.time, $0.id) < ($1.time, $1.id) }) {
            for reference in entry.objects { add(reference, of: entry.id) }
            for run in Set(entry.objects.map(\.run)) { runs[run, default: []].append(entry.id) }
        }
    }

    private mutating func add(_ reference: ObjectReference, of backup: BackupID) {
        guard var need = objects[reference.name] else {
            objects[reference.name] = Need(
                reference: reference, backups: [backup], subjects: Set(reference.subjects))
            return
        }
        if need.backups.last != backup { need.backups.append(backup) }
        need.subjects.formUnion(reference.subjects)
        let known = need.reference
        if known.code != reference.code || known.storedBytes != reference.storedBytes || known.run != reference.run {
            need.isContradicted = true
        }
        objects[reference.name] = need
    }

    /// What is in the objects of a run, for the backups that need them.
    func subjects(ofRun run: BackupID) -> [String] {
        let opened = objects.values.filter { $0.reference.run == run && ObjectRole($0.reference.name) != .index }
        return Set(opened.flatMap(\.subjects)).sorted()
    }
}
