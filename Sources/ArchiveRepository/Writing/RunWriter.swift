import Diagnostics
import Foundation
import OffPool
import SealedStreams

/// The data key of a run.
enum RunKey {
    static let label = "WHEELS-DATA-KEY-1"
}

/// One backup being written, by several workers at once.
///
/// An object of rows is named by an HMAC of its content under the writer key. So what is in the repository already, from
/// an earlier backup or a run that was killed, is found by its name and not stored again.
///
/// `@unchecked`: `state` is touched under `lock` alone. A lock of the system and not `Mutex`, whose waiting the thread
/// sanitizer does not see.
public final class RunWriter: @unchecked Sendable {
    /// The backup's name.
    public let id: BackupID
    private let claim: HeldClaim?
    let access: WriterAccess
    private let dataKey: SecretKey
    /// The file that holds the data key.
    let keyFile: [UInt8]
    private let vouched: VouchedKeys
    private let lock = NSLock()
    private var state: State

    private struct State {
        var present: [BlobName: Int]
        var known: [BlobName: StoredObject]
        var own: [StoredObject] = []
        /// What no manifest named, left by an earlier run.
        var adopted: Set<BlobName> = []
        /// What a worker is storing at this moment: a store may let two puts of one name both succeed.
        var underWay: Set<BlobName> = []
        /// The files of data keys that are there, and their lengths.
        var runKeys: [BackupID: Int]
        var isKeyStored = false
    }

    init(
        id: BackupID,
        claim: HeldClaim?,
        access: WriterAccess,
        dataKey: SecretKey,
        keyFile: [UInt8],
        present: [BlobName: Int],
        known: [StoredObject],
        runKeys: [BackupID: Int],
        vouched: VouchedKeys
    ) {
        self.id = id
        self.claim = claim
        self.access = access
        self.dataKey = dataKey
        self.keyFile = keyFile
        self.vouched = vouched
        let known = Dictionary(known.map { ($0.name, $0) }) { first, _ in first }
        state = State(present: present, known: known, runKeys: runKeys)
    }

    /// What this run has stored so far, without what was there before.
    public var newObjects: [StoredObject] { lock.withLock { state.own } }

    /// Whether an object that the last manifest names is in the store in the length that it had, and what opens it too.
    ///
    /// A new manifest refers to no other: it may have been removed, or cut, since that manifest was written. It is not
    /// read; damage within it is for a check to find.
    ///
    /// - Parameter object: The object as the last manifest has it.
    /// - Returns: Whether it can be referred to.
    public func holds(_ object: StoredObject) -> Bool {
        lock.withLock { state.known[object.name] == object && state.present[object.name] == object.storedBytes }
    }

    /// Whether the file with the data key was stored.
    var isKeyStored: Bool { lock.withLock { state.isKeyStored } }

    /// A writer for rows; each worker has its own.
    ///
    /// - Returns: The writer.
    /// - Throws: `SealedStreamError` when there is not enough memory.
    public func rowsWriter() throws -> RowsWriter { try RowsWriter(run: self) }

    /// Stores a part of the schema.
    ///
    /// - Parameter bytes: The content.
    /// - Returns: The object.
    /// - Throws: ``RepositoryError`` when the place cannot be written.
    public func putSchema(_ bytes: some Sequence<UInt8>) throws -> StoredObject {
        let content = Array(bytes)
        var frame = ReusableBuffer(capacity: content.count / 2 + 64)
        var encoder = try ZstdEncoder()
        try unsafe encoder.appendFrame(of: content.span.bytes, to: &frame)
        return try frame.withBytes { try store($0, kind: .schema, codec: ObjectTransfer.documentCodec) }
    }

    /// Stores the digests of page ranges, which the writer key opens too.
    ///
    /// - Parameter bytes: The content; the same content is stored once.
    /// - Returns: The object.
    /// - Throws: ``RepositoryError`` when the place cannot be written.
    public func putIndex(_ bytes: [UInt8]) throws -> StoredObject {
        var frame = ReusableBuffer(capacity: bytes.count / 2 + 64)
        var encoder = try ZstdEncoder()
        try unsafe encoder.appendFrame(of: bytes.span.bytes, to: &frame)
        return try frame.withBytes { try store($0, kind: .index, codec: ObjectTransfer.documentCodec) }
    }

    /// Stores the manifest: from now on the backup exists.
    ///
    /// - Parameter manifest: The manifest.
    /// - Throws: ``RepositoryError`` when the place cannot be written; class `locked` when the claim was lost: a prune may
    ///   have removed what the manifest names.
    public func commit(manifest: [UInt8]) throws {
        try requireAdopted()
        // Whether a manifest that was under way has arrived, nobody would know.
        try Cancellation.shielded {
            try claim?.confirm()
            try access.putDocument(manifest, as: Layout.manifest(id), kind: .manifest)
        }
    }

    /// Makes sure that the claim is held, by a look at the store.
    func confirmClaim() throws { try claim?.confirm() }
    /// Makes sure that the claim was not lost, as far as this process knows.
    func requireClaim() throws { try claim?.requireHeld() }

    /// Notes objects that are used again and that no manifest names: they are looked for once more before the manifest.
    ///
    /// - Parameter objects: The objects.
    public func adopt(_ objects: [StoredObject]) { lock.withLock { state.adopted.formUnion(objects.map(\.name)) } }

    /// Makes sure that what this run took up is still there.
    ///
    /// A prune that was killed may have left the request to delete an object on its way to the store: it arrives when the
    /// prune's claim is over already. The few objects that no manifest named are therefore looked for once more.
    private func requireAdopted() throws {
        for name in lock.withLock({ state.adopted }) where try access.repository.store.size(of: name) == nil {
            throw RepositoryError(
                code: "repository.object-vanished",
                summary: "\(name) was there, left by an earlier run, and is gone: a prune that was killed deleted it"
                    + " late. The backup was not completed.",
                remedy: Remedy("Run it again; what is stored already is used then.")
            )
        }
    }

    /// Removes what a failed run has stored, so that it takes no space; a run with a manifest stays.
    ///
    /// What cannot be removed stays without harm: the next run uses it, or a prune removes it. A run that has lost its
    /// claim removes nothing, because the next run may use it already. Do not use the run afterwards.
    public func abandon() { Cancellation.shielded { removeOwn() } }

    private func removeOwn() {
        let store = access.repository.store
        do {
            try claim?.confirm()
            guard try store.size(of: Layout.manifest(id)) == nil else { return }
        } catch { return }
        do {
            for object in newObjects {
                // Somebody who was asleep for long has lost the claim, and the next run may use the object already.
                try claim?.requireHeld()
                try? store.delete(object.name)
            }
            try claim?.requireHeld()
            guard lock.withLock({ state.isKeyStored }) else { return }
            // Last, for it opens all the others.
            try? store.delete(try Layout.runKey(id))
        } catch { return }
    }

    /// Stores content under the name that it gives itself, or finds it there.
    func store(_ content: RawSpan, kind: SealedObjectKind, codec: UInt8) throws -> StoredObject {
        for attempt in 0..<Self.attempts {
            let name = try name(of: content, kind: kind, codec: codec, attempt: attempt)
            waitForTurn(name)
            defer { lock.withLock { _ = state.underWay.remove(name) } }
            if let object = try found(name, contentBytes: content.byteCount) { return object }
            guard lock.withLock({ state.present[name] }) == nil else { continue }
            do {
                return try store(content, as: name, kind: kind, codec: codec)
            } catch let error as RepositoryError where error.failureClass == .refused {
                // Another worker, or another run, stored the same rows meanwhile.
                if let object = try adopted(name, contentBytes: content.byteCount) { return object }
            }
        }
        throw RepositoryError.corrupt(
            access.repository.location,
            "holds \(Self.attempts) damaged objects where one and the same content belongs")
    }

    private static let attempts = 8

    /// Waits until no other worker stores an object of this name.
    private func waitForTurn(_ name: BlobName) {
        while !lock.withLock({ state.underWay.insert(name).inserted }) { Thread.sleep(forTimeInterval: 0.01) }
    }

    private func store(
        _ content: RawSpan,
        as name: BlobName,
        kind: SealedObjectKind,
        codec: UInt8
    ) throws -> StoredObject {
        let keys = try sealingKeys(for: kind)
        let totals = try ObjectTransfer(store: access.repository.store).put(
            content, as: name, kind: kind, codec: codec, keys: keys)
        let object = StoredObject(
            name: name,
            storedBytes: totals.storedBytes,
            contentBytes: totals.contentBytes,
            code: totals.code,
            run: id
        )
        lock.withLock {
            state.own.append(object)
            state.known[name] = object
            state.present[name] = object.storedBytes
        }
        return object
    }

    /// What an object is sealed with; the data key is stored before the first object of the run.
    private func sealingKeys(for kind: SealedObjectKind) throws -> SealingKeys {
        try lock.withLock {
            if !state.isKeyStored { try access.repository.store.put(keyFile, as: Layout.runKey(id)) }
            state.isKeyStored = true
        }
        return SealingKeys(
            content: try kind == .index ? access.key.manifestKey : dataKey,
            code: try access.key.codeKey,
            writer: try access.key.fingerprint,
            keyName: id.description
        )
    }

    /// An object that is there and known to be good, or turns out to be.
    private func found(_ name: BlobName, contentBytes: Int) throws -> StoredObject? {
        let (size, known) = lock.withLock { (state.present[name], state.known[name]) }
        guard let size else { return nil }
        if let known, known.storedBytes == size, known.contentBytes == contentBytes { return known }
        return try adopted(name, contentBytes: contentBytes)
    }

    /// Checks an object that no manifest names; a damaged one is passed over.
    private func adopted(_ name: BlobName, contentBytes: Int) throws -> StoredObject? {
        let check: ObjectCheck
        do { check = try access.check(name) } catch let error as any ExplainedError
            where [.corrupt, .wrongKey, .notFound, .unsupportedVersion].contains(error.failureClass)
        {
            lock.withLock { state.present[name] = 0 }
            return nil
        }
        // Files of data keys are all of one length: one that was cut opens nothing.
        guard let run = check.run, lock.withLock({ state.runKeys[run] == keyFile.count }), try vouched.isSound(run)
        else {
            lock.withLock { state.present[name] = check.storedBytes }
            return nil
        }
        let object = StoredObject(
            name: name,
            storedBytes: check.storedBytes,
            contentBytes: contentBytes,
            code: check.code,
            run: run
        )
        lock.withLock {
            state.known[name] = object
            state.present[name] = check.storedBytes
            state.adopted.insert(name)
        }
        return object
    }

    /// Names tell nothing: they are codes of the content under the writer key.
    private func name(of content: RawSpan, kind: SealedObjectKind, codec: UInt8, attempt: Int) throws -> BlobName {
        var code = try HMAC(key: access.key.nameKey)
        try unsafe code.update([kind.rawValue, codec, UInt8(attempt)].span.bytes)
        try code.update(content)
        let folder = kind == .chunk ? Layout.chunks : kind == .index ? Layout.indexes : Layout.schemas
        return try Layout.name(folder + Hexadecimal.text(try code.finish().bytes.prefix(16)))
    }
}
