public import Foundation
public import SealedStreams

/// Whoever can open manifests and tell what is in them.
///
/// The repository itself knows manifests as sealed bytes only.
public protocol BackupIndex: Sendable {
    /// What a backup is and needs.
    ///
    /// - Parameter id: A backup whose manifest is in the store.
    /// - Returns: Its entry.
    /// - Throws: An `ExplainedError`: `corrupt`, `wrongKey` or `unsupportedVersion` when this one manifest cannot be read;
    ///   any other class when the store cannot.
    func entry(of id: BackupID) throws -> BackupEntry
}

/// A backup as its manifest describes it.
public struct BackupEntry: Sendable, Hashable {
    /// The backup.
    public let id: BackupID
    /// The moment that it brings back.
    public let time: Date
    /// The backup before it, when the run knew one.
    public let predecessor: BackupID?
    /// Every object of rows and schema that it needs, each named once.
    public let objects: [ObjectReference]
    /// The files that open them.
    public let keyFiles: [KeyFile]

    /// A backup as its manifest describes it.
    ///
    /// - Parameters:
    ///   - id: The backup.
    ///   - time: The moment that it brings back.
    ///   - predecessor: The backup before it, when the run knew one.
    ///   - objects: Every object of rows and schema that it needs.
    ///   - keyFiles: The files that open them.
    public init(
        id: BackupID,
        time: Date,
        predecessor: BackupID?,
        objects: [ObjectReference],
        keyFiles: [KeyFile] = []
    ) {
        self.id = id
        self.time = time
        self.predecessor = predecessor
        self.objects = objects
        self.keyFiles = keyFiles
    }
}

/// An object that a backup needs.
public struct ObjectReference: Sendable, Hashable {
    /// The object.
    public let name: BlobName
    /// Its length in the store.
    public let storedBytes: Int
    /// The code at its end.
    public let code: Digest
    /// The run whose data key seals it.
    public let run: BackupID
    /// What is in it, for people: tables, or the schema.
    public let subjects: [String]

    /// An object that a backup needs.
    ///
    /// - Parameters:
    ///   - name: The object.
    ///   - storedBytes: Its length in the store.
    ///   - code: The code at its end.
    ///   - run: The run whose data key seals it.
    ///   - subjects: What is in it, for people.
    public init(name: BlobName, storedBytes: Int, code: Digest, run: BackupID, subjects: [String]) {
        self.name = name
        self.storedBytes = storedBytes
        self.code = code
        self.run = run
        self.subjects = subjects
    }
}
