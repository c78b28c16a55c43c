public import ArchiveRepository
public import CatalogInspection
public import Foundation

/// What one backup holds: the document that makes it a restore point.
///
/// It holds names, counts and digests, no rows. See `docs/ARCHIVE-FORMAT.md`.
public struct BackupManifest: Sendable, Codable {
    /// The version of the documents that this version writes.
    public static let currentFormat = 1
    /// The version of this document.
    public var format = currentFormat
    /// The backup's name, which sorts by time.
    public var backup: String
    /// The backup before it, which the writer key could open; `nil` for the first of its keys.
    public var previous: String?
    /// The version of the tool that made it.
    public var toolVersion: String
    /// When the run began.
    public var startedAt: Date
    /// When its snapshot was taken: the moment that a restore brings back.
    public var snapshotAt: Date
    /// When all was stored.
    public var finishedAt: Date
    /// The database it came from.
    public var source: DatabaseFacts
    /// The Supabase project, where the connection named one.
    public var projectRef: String?
    /// The program that wrote the schema, such as `pg_dump (PostgreSQL) 15.20`.
    public var schemaProgram: String
    /// The schema as pg_dump's custom format.
    public var schemaArchive: StoredObject
    /// The schema as plain SQL, for people and other tools.
    public var schemaSQL: StoredObject
    /// The files that open the objects: data keys of runs, keys of holders.
    public var keyFiles: [KeyFile] = []
    /// The tables by schema and name.
    public var tables: [TableRecord]
    /// The sequences and where they stood.
    public var sequences: [SequenceInfo]
    /// The materialized views in the order in which they can be refreshed.
    public var materializedViews: [MaterializedViewInfo]
    /// The large objects.
    public var largeObjects: LargeObjectRecord?
    /// The foreign keys.
    public var foreignKeys: [ForeignKeyInfo]
    /// Who might do what.
    public var accessLists: [AccessList]
    /// The extensions.
    public var extensions: [ExtensionInfo]
    /// Triggers, policies and foreign keys of developers on managed tables.
    public var userObjectsOnManagedTables: [UserObjectOnManagedTable]
    /// The names of all schemas, for reading pg_dump's table of contents.
    public var schemas: [String]
    /// The digests of page ranges by which the next backup finds what has changed; a restore does not need them.
    public var rangeIndex: StoredObject?
    /// How much had to be read.
    public var reading: ReadingSummary?
    /// What decides the schema, so that the next backup can do without `pg_dump`; a restore does not need it.
    public var schema: SchemaFingerprint?
    /// The values of environment variables, where they were asked for.
    public var environment: SealedEnvironment?
    /// What stands around the database: roles, settings, publications, jobs, files, the server, the tools.
    public var surroundings: BackupSurroundings

    /// The database it is of: the project's ref, where the connection named one, and the name.
    public var sourceName: String { (projectRef.map { $0 + "/" } ?? "") + source.name }

    /// Whether a person who names a database means one.
    ///
    /// - Parameters:
    ///   - name: The database, as ``sourceName`` has it.
    ///   - text: What the person wrote: that, or the project's ref alone.
    /// - Returns: Whether it is meant.
    public static func isSource(_ name: String, meantBy text: String) -> Bool {
        name == text || name.hasPrefix(text + "/")
    }

    /// Rows of all tables.
    public var rows: Int { tables.reduce(0) { $0 + $1.rows } }
    /// The length of the COPY streams of all its pieces, also of those that earlier runs read.
    public var rowBytes: Int { chunks.reduce(0) { $0 + $1.rawBytes } }
    /// Bytes that this run stored; what it found there from earlier runs is not in it.
    public var bytesStored: Int {
        objects.reduce(0) { $1.run.description == backup ? $0 + $1.storedBytes : $0 }
    }
    /// Bytes of all objects that this backup needs.
    public var bytesNeeded: Int { objects.reduce(0) { $0 + $1.storedBytes } }
    /// Seconds from begin to end.
    public var seconds: Double { finishedAt.timeIntervalSince(startedAt) }

    /// Every object that this backup needs, each once, ordered by name.
    public var objects: [StoredObject] {
        let all = chunks.flatMap(\.pieces).map(\.object) + [schemaArchive, schemaSQL] + [rangeIndex].compactMap(\.self)
        return Set(all).sorted { $0.name < $1.name }
    }

    private var chunks: [ChunkRecord] { tables.flatMap(\.chunks) + (largeObjects?.chunks ?? []) }
}
