import Diagnostics
import Foundation
import SealedStreams

/// Changes of who can open a repository.
///
/// Each step stores one object, and every step is harmless without the next: a change that was interrupted is made again.
public struct KeyChanges: Sendable {
    private let reader: ReaderAccess

    /// Changes by somebody who can open the repository.
    ///
    /// - Parameter reader: The right to read.
    public init(_ reader: ReaderAccess) { self.reader = reader }

    /// Lets somebody else open everything that the caller can open.
    ///
    /// - Parameter holder: The new holder.
    /// - Returns: How many generations were sealed for them now; 0 when all were already.
    /// - Throws: ``RepositoryError``; class `refused` for a second passphrase.
    public func add(_ holder: KeyHolder) throws -> Int {
        let ring = reader.repository.keyRing
        if case .passphrase = holder {
            let taken = try ring.entries().contains { $0.holders.contains(KeyHolder.passphraseName) }
            if taken { throw Self.secondPassphrase(in: reader.repository) }
        }
        return try reader.generations.reduce(0) { try $0 + (ring.add($1, for: holder) ? 1 : 0) }
    }

    /// Who can open what is made from now on, as the keys themselves say, whatever else lies in the store.
    ///
    /// - Returns: Recipients as `age1…`, and the word `passphrase`.
    /// - Throws: ``RepositoryError`` when the store cannot be read.
    public func holderNames() throws -> [String] {
        let ring = reader.repository.keyRing
        let active = try reader.generations.filter { try !reader.repository.isRetired($0.writerKey) }
        return Set(try active.flatMap { try ring.vouchedHolders(of: $0) }).sorted()
    }

    /// Makes changes while no backup and no prune is at work: a backup must not end under keys that were just retired.
    ///
    /// - Parameters:
    ///   - command: The command, for whoever finds the repository claimed.
    ///   - body: Makes the changes.
    /// - Returns: What `body` returns.
    /// - Throws: ``RepositoryError`` of class `locked` naming the run that is at work, or what `body` throws.
    public func alone<Result>(command: String, _ body: () throws -> Result) throws -> Result {
        let records = SealedRecords(writer: try reader.writer(), access: reader)
        let claim = try ClaimKeeper(records: records).take(.keys, command: command)
        defer { claim.release() }
        return try body()
    }

    /// Makes a new generation and retires the others.
    ///
    /// - Parameters:
    ///   - holders: Who can open what is made from now on.
    ///   - keep: Called with the new keys before anything depends on them, to write the writer key somewhere.
    /// - Returns: The new generation.
    /// - Throws: ``RepositoryError``, or what `keep` throws; then nothing was changed.
    public func rotate(for holders: [KeyHolder], keep: (KeyGeneration) throws -> Void) throws -> KeyGeneration {
        precondition(!holders.isEmpty, "Keys that nobody can open are no keys")
        let ring = reader.repository.keyRing
        for old in try ring.entries() where !old.isRetired {
            guard try reader.generations.contains(where: { try $0.name.description == old.generation }) else {
                throw Self.cannotRetire(old.generation)
            }
        }
        let generation = try KeyGeneration()
        try keep(generation)
        for holder in holders { try ring.add(generation, for: holder) }
        let name = try generation.name.description
        for old in try ring.entries() where !old.isRetired && old.generation != name {
            try retire(old.generation)
        }
        return generation
    }

    /// Takes a holder's files away, in every generation.
    ///
    /// What the holder has copied stays open to them; so rotate first.
    ///
    /// - Parameter holder: The holder's name.
    /// - Returns: How many files were removed.
    /// - Throws: ``RepositoryError`` of class `notFound` when there is no such holder, `refused` for the last one.
    public func remove(_ holder: String) throws -> Int {
        let ring = reader.repository.keyRing
        let entries = try ring.entries().filter { $0.holders.contains(holder) }
        guard !entries.isEmpty else { throw Self.noSuchHolder(holder, in: reader.repository) }
        if let only = entries.first(where: { $0.holders == [holder] }) {
            throw RepositoryError(
                code: "keys.last-holder",
                summary: "\(holder) is the only one who can open generation \(only.generation).",
                remedy: Remedy("Add another holder first: wheels-db repository keys add age1…"),
                failureClass: .refused
            )
        }
        for entry in entries {
            guard let generation = KeyFingerprint(hex: entry.generation) else { continue }
            try reader.repository.store.delete(try Layout.holderFile(generation, holder: holder))
            let mark = try Layout.holderMark(generation, holder: holder)
            if try reader.repository.store.size(of: mark) != nil { try reader.repository.store.delete(mark) }
        }
        return entries.count
    }

    private func retire(_ name: String) throws {
        guard let fingerprint = KeyFingerprint(hex: name) else { return }
        guard let generation = try reader.generations.first(where: { try $0.name == fingerprint }) else {
            throw Self.cannotRetire(name)
        }
        let access = try reader.repository.writer(key: generation.writerKey)
        let text = "{\"retired\":\"\(Date.now.formatted(.iso8601))\"}"
        try access.putDocument(Array(text.utf8), as: Layout.retiredMark(fingerprint), kind: .mark)
    }

    private static func cannotRetire(_ generation: String) -> RepositoryError {
        RepositoryError.wrongKey(
            "The keys of generation \(generation) cannot be retired: this identity does not open them.",
            "Give the identity of one of its holders as well, in one file."
        )
    }

    private static func secondPassphrase(in repository: Repository) -> RepositoryError {
        RepositoryError(
            code: "keys.passphrase-taken",
            summary: "\(repository.location) has a passphrase already, and there is one at most. Nothing was changed.",
            remedy: Remedy("Take the old one away first: wheels-db repository keys remove passphrase."),
            failureClass: .refused
        )
    }

    private static func noSuchHolder(_ holder: String, in repository: Repository) -> RepositoryError {
        RepositoryError(
            code: "keys.no-such-holder",
            summary: "\(holder) is not among those who can open \(repository.location).",
            remedy: Remedy("See them:", command: "wheels-db repository keys list"),
            failureClass: .notFound
        )
    }
}
