import Diagnostics
import SealedStreams

extension WriterAccess {
    /// Seals a few bytes for the holders of the keys: whoever has the writer key alone cannot open them again.
    ///
    /// They are an age file for the archive recipient of the generation, as the data keys of runs are.
    ///
    /// - Parameter bytes: What to seal.
    /// - Returns: The age file.
    /// - Throws: `SealedStreamError` when libcrypto fails.
    public func sealForHolders(_ bytes: [UInt8]) throws -> [UInt8] { try AgeFile.seal(bytes, for: [key.recipient]) }
}

extension ReaderAccess {
    /// Opens what was sealed for the holders.
    ///
    /// - Parameters:
    ///   - file: The age file.
    ///   - name: What it is, for messages.
    /// - Returns: The bytes.
    /// - Throws: ``RepositoryError``: wrong key when it may be of a generation that this holder does not open; corrupt
    ///   when it is damaged.
    public func openForHolders(_ file: [UInt8], name: String) throws -> [UInt8] {
        do { return try AgeFile.open(file, with: generations.map(\.archive), name: name) } catch {
            guard [.wrongKey, .unsupportedVersion].contains(error.failureClass) else { throw error }
            guard try repository.keyRing.entries().count > generations.count else {
                throw RepositoryError.corrupt(name, "does not open with the keys of the repository")
            }
            throw RepositoryError.wrongKey(
                "\(name): they are of a generation of keys that this key does not open.",
                "Give an identity that is a holder of it: wheels-db repository keys list."
            )
        }
    }
}
