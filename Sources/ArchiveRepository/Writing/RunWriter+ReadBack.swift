import Foundation
import OffPool

extension RunWriter {
    /// Reads back what this run stored, where that costs nothing but time: on a store of this machine.
    ///
    /// - Throws: ``RepositoryError`` or `SealedStreamError` of class corrupt, naming the object.
    public func readBack() throws {
        guard access.repository.store is LocalBlobStore, isKeyStored else { return }
        let key = try Layout.runKey(id)
        guard try access.repository.store.bytes(of: key, limit: 1 << 20) == keyFile else {
            throw RepositoryError.corrupt(key.description, "is not what was stored a moment ago")
        }
        let objects = newObjects
        // The disk's cache gives the bytes; what costs time is the code over them, so two threads share the objects.
        let lanes = 2
        let failures = FirstFailure()
        Cancellation.concurrentPerform(lanes: lanes) { lane in
            do {
                for place in stride(from: lane, to: objects.count, by: lanes) { try readBack(objects[place]) }
            } catch { failures.note(error) }
        }
        if let first = failures.first { throw first }
    }

    private func readBack(_ object: StoredObject) throws {
        let found = try access.check(object.name)
        guard found.code == object.code, found.storedBytes == object.storedBytes else {
            throw RepositoryError.corrupt(object.name.description, "is not what was stored a moment ago")
        }
    }
}

/// What went wrong first, on any thread.
///
/// `@unchecked`: `error` is touched under `lock` alone.
private final class FirstFailure: @unchecked Sendable {
    private let lock = NSLock()
    private var error: (any Error)?
    var first: (any Error)? { lock.withLock { error } }
    func note(_ error: any Error) { lock.withLock { self.error = self.error ?? error } }
}
