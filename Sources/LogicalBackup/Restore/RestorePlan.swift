import CatalogInspection
public import Diagnostics

/// What a restore would do to a database, before it touches anything.
public struct RestorePlan: Sendable {
    /// One line of the plan.
    public struct Item: Sendable, Hashable, Codable {
        /// What happens to an object.
        public enum Action: String, Sendable, Codable {
            /// It is made.
            case create
            /// It exists, and rows go into it.
            case load
            /// It stays as it is.
            case keep
        }
        /// What happens.
        public let action: Action
        /// What kind of object it is, in the words of pg_dump, such as `TABLE` or `FK CONSTRAINT`.
        public let kind: String
        /// Its name as pg_dump writes it, such as `public.trips`.
        public let name: String
        /// Rows that go in, where it is a table.
        public let rows: Int?
        /// Why it stays as it is.
        public let reason: String?
    }

    /// What happens to each object.
    public internal(set) var items: [Item] = []
    /// What stands in the way, and what is worth knowing.
    public internal(set) var findings: [Finding] = []
    /// Objects by phase, in the order of the archive.
    var preData: [ArchiveEntry] = []
    var indexes: [ArchiveEntry] = []
    var postData: [ArchiveEntry] = []
    var access: [ArchiveEntry] = []
    /// The tables whose rows are loaded.
    var tables: [TableRecord] = []
    /// The schemas that Supabase manages on both sides.
    var managed: Set<String> = []
    /// Tables and sequences of extensions that the target cannot have.
    var leftOut: Set<String> = []
    /// Only rows of chosen tables.
    var isPartial = false

    /// A finding stands in the way: nothing may be touched.
    public var isRefused: Bool { findings.contains { $0.severity == .error } }
    /// Rows that would be loaded.
    public var rows: Int { tables.reduce(0) { $0 + $1.rows } }
}

extension RestorePlan {
    /// Plans a restore from what the backup holds and what the target is.
    init(
        manifest: BackupManifest,
        entries: [ArchiveEntry],
        target: TargetState,
        only chosen: [String]?,
        withoutExtensions leftOut: Set<String> = []
    ) {
        managed = manifest.source.isSupabaseShaped && target.facts.isSupabaseShaped ? ManagedSchemas.names : []
        isPartial = chosen != nil
        self.leftOut = Set(
            manifest.extensions.filter { leftOut.contains($0.name) }.flatMap(\.configuration)
                .map { "\($0.schema).\($0.name)" })
        let sorter = EntrySorter(
            manifest: manifest, target: target, managed: managed, extensionsLeftOut: leftOut)
        if let chosen {
            chooseTables(chosen, manifest: manifest, target: target)
        } else {
            let rows = Dictionary(manifest.tables.map { ($0.table.displayName, $0.rows) }) { first, _ in first }
            for entry in entries { place(entry, by: sorter, rows: rows) }
            tables = manifest.tables.filter { !skipsRows(of: $0) }
            findings += RestoreObstacles.whole(manifest: manifest, plan: self, target: target)
        }
        findings += RestoreObstacles.any(manifest: manifest, plan: self, target: target)
        for record in tables where isManaged(record) || isPartial {
            items.append(
                Item(action: .load, kind: "TABLE", name: record.table.displayName, rows: record.rows, reason: nil))
        }
    }

    /// Whether a table stands in a schema that Supabase manages.
    func isManaged(_ record: TableRecord) -> Bool { managed.contains(record.table.schema) }

    /// Whether a sequence of the backup is restored.
    func restores(_ sequence: SequenceInfo) -> Bool {
        !managed.contains(sequence.schema) && !leftOut.contains(sequence.displayName)
    }

    private func skipsRows(of record: TableRecord) -> Bool {
        if leftOut.contains(record.table.displayName) { return true }
        guard isManaged(record) else { return false }
        return ManagedSchemas.versionTables.contains(record.table.displayName) || record.rows == 0
    }

    private mutating func place(_ entry: ArchiveEntry, by sorter: EntrySorter, rows: [String: Int]) {
        switch sorter.place(of: entry) {
        case .preData: preData.append(entry)
        case .indexes: indexes.append(entry)
        case .postData: postData.append(entry)
        case .access: access.append(entry)
        case .keep(let reason):
            items.append(Item(action: .keep, kind: entry.kind, name: entry.name, rows: nil, reason: reason))
            if sorter.isLeftOut(entry) { findings.append(Self.leftOut(entry)) }
            return
        case .nothing: return
        }
        let count = entry.kind == "TABLE" ? rows[entry.name] : nil
        items.append(Item(action: .create, kind: entry.kind, name: entry.name, rows: count, reason: nil))
    }

    /// An object that a developer has put into a schema of Supabase's.
    private static func leftOut(_ entry: ArchiveEntry) -> Finding {
        Finding(
            code: "restore.left-out",
            severity: .warning,
            message: "\(entry.kind) \(entry.name) is not restored: it is yours, in a schema that Supabase manages.",
            remedy: Remedy("Make it again after the restore, better in a schema of your own.")
        )
    }

    private mutating func chooseTables(_ chosen: [String], manifest: BackupManifest, target: TargetState) {
        for name in chosen {
            let wanted = name.contains(".") ? name : "public.\(name)"
            guard let record = manifest.tables.first(where: { $0.table.displayName == wanted }) else {
                findings.append(
                    Finding(
                        code: "restore.table-not-in-backup",
                        severity: .error,
                        subject: wanted,
                        message: "The backup holds no table \(wanted).",
                        remedy: Remedy("See what it holds:", command: "wheels-db backup show \(manifest.backup)")
                    )
                )
                continue
            }
            tables.append(record)
        }
    }
}
