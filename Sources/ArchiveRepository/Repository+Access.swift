import Diagnostics
import Foundation
public import SealedStreams

extension Repository {
    /// The right to make backups.
    ///
    /// - Parameter key: The writer key.
    /// - Returns: The right to write.
    /// - Throws: ``RepositoryError`` of class `wrongKey` when the key is of another repository, or retired.
    public func writer(key: WriterKey) throws -> WriterAccess {
        let name = try key.fingerprint
        guard let entry = try keyRing.entries().first(where: { $0.generation == name.description }) else {
            if let mark = try holderFiles()[name]?.sorted().first {
                throw RepositoryError(
                    code: "repository.holder-file",
                    summary: "All files that hold the keys of generation \(name) are missing from \(location): nobody"
                        + " can open what the writer key seals.",
                    remedy: HolderFileDamage.remedy(
                        for: try Layout.holderFile(name, holder: String(mark.prefix { $0 != "." }))),
                    failureClass: .corrupt
                )
            }
            throw RepositoryError(
                code: RepositoryError.foreignWriterKey,
                summary: "The writer key is not one of the repository \(location).",
                remedy: Remedy("Give the key that was made with this repository."),
                failureClass: .wrongKey
            )
        }
        return WriterAccess(repository: self, key: key, isRetired: try entry.isRetired && isRetired(key))
    }

    /// Whether a generation makes no more backups: its own key says so, and nobody else can.
    func isRetired(_ key: WriterKey) throws -> Bool {
        let name = try Layout.retiredMark(key.fingerprint)
        let access = WriterAccess(repository: self, key: key, isRetired: false)
        do {
            _ = try access.document(name, kind: .mark)
            return true
        } catch let error as any ExplainedError
            where [.corrupt, .unsupportedVersion, .notFound, .wrongKey].contains(error.failureClass)
        {
            return false
        }
    }

    /// The right to read rows.
    ///
    /// - Parameter opener: Identities, or the passphrase.
    /// - Returns: The right to read what was sealed for them.
    /// - Throws: ``RepositoryError`` of class `wrongKey` when it opens nothing here, `corrupt` when that is because the
    ///   holder's files are damaged.
    public func reader(_ opener: KeyOpener) throws -> ReaderAccess {
        let generations: [KeyGeneration]
        do { generations = try keyRing.open(with: opener, location: location) } catch let error as any ExplainedError {
            // A file that bears the caller's name and does not open was changed, whatever key it asks for now.
            guard [.corrupt, .unsupportedVersion, .wrongKey].contains(error.failureClass) else { throw error }
            if let damage = try holderDamage(opener, besides: []).first { throw damage.error }
            if let stranger = try strangersKey(opener, error) { throw stranger }
            throw error
        }
        return ReaderAccess(
            repository: self,
            generations: generations,
            damagedFiles: try holderDamage(opener, besides: generations)
        )
    }

    /// Makes new keys where the writer key was lost: for the same holders, and the next backup is a full one.
    ///
    /// Without the writer key nothing tells which of the holders' files are genuine: whoever can write to the store could
    /// have added one. A list of recipients from a trusted place, such as the configuration, settles it.
    ///
    /// - Parameters:
    ///   - passphrase: Needed for a repository whose only holder is a passphrase.
    ///   - trusted: The recipients that may be sealed for; empty for all that are there.
    ///   - keep: Called with the new keys before anything depends on them, to write the writer key somewhere.
    /// - Returns: The new generation, stored, and the names of the holders it is for.
    /// - Throws: ``RepositoryError`` of class `usage` without the passphrase, `wrongKey` when no holder is trusted; what
    ///   `keep` throws, and then nothing was changed.
    public func newGeneration(
        passphrase: Passphrase?,
        trusted: [String] = [],
        keep: (KeyGeneration) throws -> Void = { _ in }
    ) throws -> (generation: KeyGeneration, holders: [String]) {
        let all = try holderNames()
        let names = trusted.isEmpty ? all : all.filter { trusted.contains($0) || $0 == KeyHolder.passphraseName }
        guard !names.isEmpty || all.isEmpty else {
            throw RepositoryError.wrongKey(
                "None of the recipients of the configuration is a holder of \(location); those are"
                    + " \(all.joined(separator: ", ")).",
                "Give the writer key, or correct `recipients` in wheels-db.yml."
            )
        }
        // A passphrase that is not at hand is left out, as long as somebody else can open what is made.
        let usable = names.filter { $0 != KeyHolder.passphraseName || passphrase != nil || names.count == 1 }
        let holders = try holders(named: usable, passphrase: passphrase)
        let generation = try KeyGeneration()
        try keep(generation)
        for holder in holders { try keyRing.add(generation, for: holder) }
        return (generation, holders.map(\.fileName))
    }

    /// Who can open what is made from now on: recipients as `age1…`, and the word `passphrase`.
    ///
    /// - Returns: The names, in order.
    /// - Throws: ``RepositoryError`` when the store cannot be read.
    public func holderNames() throws -> [String] {
        Set(try keyRing.entries().filter { !$0.isRetired }.flatMap(\.holders)).sorted()
    }

    /// Holders by their names.
    ///
    /// - Parameters:
    ///   - names: Recipients, and the word `passphrase`.
    ///   - passphrase: Needed when it is among them.
    /// - Returns: The holders.
    /// - Throws: ``RepositoryError`` of class `usage` without the passphrase, `wrongKey` when it is another one.
    public func holders(named names: [String], passphrase: Passphrase?) throws -> [KeyHolder] {
        guard !names.isEmpty else { throw RepositoryError.corrupt("\(location)/keys", "names nobody to seal for") }
        return try names.map { name in
            guard name == KeyHolder.passphraseName else { return .recipient(try AgeRecipient(name)) }
            guard let passphrase else {
                throw RepositoryError(
                    code: "repository.passphrase-missing",
                    summary: "New keys for \(location) take its passphrase, and none was given.",
                    remedy: Remedy("Give --passphrase-file FILE, or set WHEELS_PASSPHRASE_FILE."),
                    failureClass: .usage
                )
            }
            // Sealing for a mistyped passphrase would make backups that nobody can open.
            _ = try reader(.passphrase(passphrase))
            return .passphrase(passphrase)
        }
    }
}
