import Diagnostics
import Foundation
import SealedStreams

/// The keys that stand in a repository: which generations, and for whom each is sealed.
///
/// Holders are known by the names of their files; no key is needed to list them. Nothing here is trusted for sealing:
/// whom a writer seals for is part of its key.
public struct KeyRing: Sendable {
    /// One generation as the store shows it.
    public struct Entry: Sendable, Hashable {
        /// The fingerprint of its writer key.
        public let generation: String
        /// Recipients as `age1…`, and the word `passphrase`.
        public let holders: [String]
        /// It makes no more backups.
        public let isRetired: Bool
    }

    let store: any BlobStore

    /// The generations of the repository, ordered by name.
    ///
    /// - Returns: One entry for each.
    /// - Throws: ``RepositoryError`` when the store cannot be read.
    public func entries() throws -> [Entry] {
        var holders: [String: [String]] = [:]
        var retired: Set<String> = []
        for entry in try store.list(Layout.keys) {
            let parts = entry.name.description.split(separator: "/").map(String.init)
            guard parts.count == 3, KeyFingerprint(hex: parts[1]) != nil else { continue }
            if parts[2] == "retired" { retired.insert(parts[1]) }
            guard parts[2].hasSuffix(".age") else { continue }
            holders[parts[1], default: []].append(String(parts[2].dropLast(4)))
        }
        return holders.map { generation, names in
            Entry(generation: generation, holders: names.sorted(), isRetired: retired.contains(generation))
        }
        .sorted { $0.generation < $1.generation }
    }

    /// Seals a generation for a holder, and vouches for the file under the writer key.
    ///
    /// - Returns: Whether it was sealed now; `false` when the holder's file is there already.
    @discardableResult
    func add(_ generation: KeyGeneration, for holder: KeyHolder) throws -> Bool {
        let name = try Layout.holderFile(generation.name, holder: holder.fileName)
        guard try store.size(of: name) == nil else { return false }
        let file = try holder.seal(Array(try generation.secretText().utf8))
        try store.put(file, as: name)
        let voucher = HolderVoucher(sha256: try SHA256.digest(file))
        _ = try ObjectTransfer(store: store).putDocument(
            Array(try JSONEncoder().encode(voucher)),
            as: Layout.holderMark(generation.name, holder: holder.fileName),
            kind: .mark,
            keys: generation.writerKey.documentKeys
        )
        return true
    }

    /// Removes what ``add(_:for:)`` stored, as far as that works.
    func takeBack(_ generation: KeyGeneration, from holder: KeyHolder) {
        for name in [Layout.holderFile, Layout.holderMark] {
            guard let fingerprint = try? generation.name, let name = try? name(fingerprint, holder.fileName) else {
                return
            }
            try? store.delete(name)
        }
    }

    /// The holders of a generation that its writer key vouches for: nobody else's file counts.
    func vouchedHolders(of generation: KeyGeneration) throws -> [String] {
        let name = try generation.name
        let listed = try entries().first { $0.generation == name.description }?.holders ?? []
        return try listed.filter { holder in
            guard let digest = try voucher(generation.writerKey, holder: holder)?.sha256 else { return false }
            let file = try store.bytes(of: Layout.holderFile(name, holder: holder), limit: 1 << 20)
            return try SHA256.digest(file) == digest
        }
    }

    /// What a writer key says of a holder's file; `nil` when it says nothing.
    func voucher(_ key: WriterKey, holder: String) throws -> HolderVoucher? {
        let name = try Layout.holderMark(key.fingerprint, holder: holder)
        do {
            let own = try key.fingerprint
            let bytes = try ObjectTransfer(store: store).document(name, kind: .mark) { header in
                guard header.writer == own else { throw RepositoryError.corrupt(name.description, "is another key's") }
                return try key.documentKeys(header, of: name)
            }
            return try JSONDecoder().decode(HolderVoucher.self, from: Data(bytes))
        } catch let error as any ExplainedError
            where [.corrupt, .unsupportedVersion, .notFound, .wrongKey].contains(error.failureClass)
        {
            return nil
        } catch is DecodingError {
            return nil
        }
    }

    /// The generations that someone can open.
    ///
    /// - Throws: ``RepositoryError`` or `SealedStreamError`: wrong key when none opens, corrupt when the only files that
    ///   could are damaged.
    func open(with opener: KeyOpener, location: String) throws -> [KeyGeneration] {
        let entries = try entries()
        guard !entries.isEmpty else { throw RepositoryError.corrupt("\(location)/keys", "holds no keys") }
        var opened: [KeyGeneration] = []
        var damage: (any Error)?
        for entry in entries {
            guard let fingerprint = KeyFingerprint(hex: entry.generation) else { continue }
            do {
                if let generation = try open(entry, fingerprint, with: opener) { opened.append(generation) }
            } catch let error as any ExplainedError
                where [.corrupt, .unsupportedVersion, .notFound].contains(error.failureClass)
            { damage = error }
        }
        guard opened.isEmpty else { return opened }
        if let damage { throw damage }
        throw Self.opensNothing(entries, opener, location)
    }

    private func open(
        _ entry: Entry,
        _ fingerprint: KeyFingerprint,
        with opener: KeyOpener
    ) throws -> KeyGeneration? {
        var damage: (any Error)?
        for holder in entry.holders where opener.mayOpen(holder: holder) {
            let name = try Layout.holderFile(fingerprint, holder: holder)
            do {
                let file = try store.bytes(of: name, limit: 1 << 20)
                let text = String(decoding: try opener.open(file, name: name.description), as: UTF8.self)
                let generation = try KeyGeneration(secretText: text, name: name.description)
                guard try generation.name == fingerprint else {
                    throw RepositoryError.corrupt(name.description, "holds the keys of another generation")
                }
                return generation
            } catch let error as any ExplainedError {
                if error.failureClass == .wrongKey { continue }
                // Somebody may have put a file there that is none of ours: others may still open.
                guard [.corrupt, .unsupportedVersion, .notFound].contains(error.failureClass) else { throw error }
                damage = error
            }
        }
        if let damage { throw damage }
        return nil
    }

    private static func opensNothing(_ entries: [Entry], _ opener: KeyOpener, _ location: String) -> RepositoryError {
        let holders = Set(entries.flatMap(\.holders))
        switch opener {
        case .identities where holders.allSatisfy({ $0 == KeyHolder.passphraseName }):
            return .wrongKey(
                "The repository \(location) is opened by a passphrase, not by an identity.",
                "Give --passphrase-file, or set WHEELS_PASSPHRASE_FILE."
            )
        case .identities(let identities):
            let own = identities.map(\.recipient.description).joined(separator: ", ")
            let named = holders.sorted().joined(separator: ", ")
            return .wrongKey(
                "The repository \(location) is not sealed for this identity (\(own)); it is for \(named).",
                "Give the identity of one of these."
            )
        case .passphrase where !holders.contains(KeyHolder.passphraseName):
            return .wrongKey(
                "The repository \(location) is opened by an identity, not by a passphrase.",
                "Give --identity FILE, or set WHEELS_IDENTITY_FILE."
            )
        case .passphrase:
            return .wrongKey("The passphrase does not open the repository \(location).", "Give the right one.")
        }
    }
}

/// What a writer key says of a holder's file, in a mark beside it.
struct HolderVoucher: Sendable, Codable {
    /// SHA-256 of the file.
    let sha256: Digest
}
