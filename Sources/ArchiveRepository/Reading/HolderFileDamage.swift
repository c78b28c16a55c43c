public import Diagnostics
import Foundation
import SealedStreams

/// A holder's file that should open a generation of keys, and does not: everything that the generation sealed is closed to
/// that holder.
struct HolderFileDamage: Sendable, Hashable {
    let generation: KeyFingerprint
    let holder: String
    let file: BlobName
    /// What is wrong with it, as the rest of a sentence that begins with its name.
    let reason: String

    var summary: String {
        "\(file) \(reason). Without it, its holder opens no backup that the keys of generation \(generation) sealed."
    }

    var error: RepositoryError {
        RepositoryError(
            code: "repository.holder-file",
            summary: summary,
            remedy: Self.remedy(for: file),
            failureClass: .corrupt
        )
    }

    func problem(touching backups: [BackupID] = []) -> ObjectProblem {
        ObjectProblem(kind: .damaged, object: file, reason: summary, backups: backups, tables: [])
    }

    /// What can be done about a holder's file; `nil` for other objects.
    static func remedy(for object: BlobName) -> Remedy? {
        if case .holderKey = ObjectRole(object), object.description.hasSuffix(".mark") {
            return Remedy(
                "Put the mark back from a copy of the repository. Without one, see whether the holder is yours; new keys are"
                    + " not made for a holder that nothing vouches for.",
                command: "wheels-db repository keys list"
            )
        }
        guard case .holderKey(let generation) = ObjectRole(object), object.description.hasSuffix(".age") else {
            return nil
        }
        let holder = object.description.split(separator: "/").last?.dropLast(4) ?? ""
        return Remedy(
            "Put the file back from a copy of the repository: it never changes. Without a copy, delete it, and let another"
                + " holder seal it again with the command below. Without either, nobody opens what generation"
                + " \(generation) sealed: take its writer key away, and the next backup makes new keys.",
            command: "wheels-db repository keys add \(holder) --identity OTHER-HOLDER"
        )
    }
}

extension Repository {
    /// The files that bear the name of whoever wants to read, and open nothing.
    ///
    /// - Parameters:
    ///   - opener: What the caller opens with.
    ///   - opened: The generations that need no look.
    /// - Returns: Those that are damaged or missing; a wrong passphrase is no damage.
    /// - Throws: ``RepositoryError`` when the store cannot be read.
    func holderDamage(_ opener: KeyOpener, besides opened: [KeyGeneration]) throws -> [HolderFileDamage] {
        let known = Set(try opened.map { try $0.name })
        let own: Set<String>
        switch opener {
        case .identities(let identities): own = Set(identities.map(\.recipient.description))
        case .passphrase: own = [KeyHolder.passphraseName]
        }
        return try holderFiles().sorted { $0.key.description < $1.key.description }.flatMap { generation, files in
            guard !known.contains(generation) else { return [HolderFileDamage]() }
            return try own.sorted().compactMap { holder in
                guard files.contains("\(holder).age") || files.contains("\(holder).mark") else { return nil }
                let file = try Layout.holderFile(generation, holder: holder)
                return try damage(of: file, opener).map {
                    HolderFileDamage(generation: generation, holder: holder, file: file, reason: $0)
                }
            }
        }
    }

    /// Why somebody opens nothing for whom nothing was sealed: the damage of other holders' files is not the reason.
    func strangersKey(_ opener: KeyOpener, _ error: any ExplainedError) throws -> RepositoryError? {
        guard error.failureClass != .wrongKey, case .identities(let identities) = opener else { return nil }
        let holders = Set(try keyRing.entries().flatMap(\.holders))
        let own = identities.map(\.recipient.description)
        guard !holders.isEmpty, holders.isDisjoint(with: own) else { return nil }
        return .wrongKey(
            "The repository \(location) is not sealed for this identity (\(own.joined(separator: ", "))); it is for"
                + " \(holders.sorted().joined(separator: ", ")).",
            "Give the identity of one of these."
        )
    }

    /// The names in the folders of the generations.
    func holderFiles() throws -> [KeyFingerprint: Set<String>] {
        var files: [KeyFingerprint: Set<String>] = [:]
        for entry in try store.list(Layout.keys) {
            guard case .holderKey(let generation) = ObjectRole(entry.name) else { continue }
            files[generation, default: []].insert(
                String(entry.name.description.split(separator: "/").last ?? ""))
        }
        return files
    }

    /// What is wrong with a holder's file; `nil` when nothing is, or when it may be the passphrase.
    private func damage(of file: BlobName, _ opener: KeyOpener) throws -> String? {
        do {
            let text = try opener.open(try store.bytes(of: file, limit: 1 << 20), name: file.description)
            let generation = try KeyGeneration(
                secretText: String(decoding: text, as: UTF8.self), name: file.description)
            let name = try generation.name
            return file.description.hasPrefix("\(Layout.keys)\(name)/") ? nil : "holds the keys of generation \(name)"
        } catch let error as any ExplainedError {
            switch (error.failureClass, opener) {
            case (.notFound, _): return "is missing"
            case (.corrupt, _), (.unsupportedVersion, _):
                let prefix = "\(file) "
                let reason = error.summary.hasPrefix(prefix) ? error.summary.dropFirst(prefix.count) : "is damaged"
                return reason.hasSuffix(".") ? String(reason.dropLast()) : String(reason)
            case (.wrongKey, .identities): return "is not sealed for the identity whose name it bears"
            case (.wrongKey, .passphrase): return nil
            default: throw error
            }
        }
    }
}

extension WriterAccess {
    /// What is wrong with the files that open what this key seals: a backup whose keys nobody can open is none.
    ///
    /// - Returns: A finding for each holder's file that is not the one that the writer key vouches for.
    /// - Throws: ``RepositoryError`` when the store cannot be read.
    public func holderFindings() throws -> [Finding] {
        let own = try key.fingerprint
        let files = try repository.holderFiles()[own] ?? []
        return try files.filter { $0.hasSuffix(".mark") }.sorted().compactMap { mark in
            let holder = String(mark.dropLast(5))
            guard let voucher = try repository.keyRing.voucher(key, holder: holder) else { return nil }
            let file = try Layout.holderFile(own, holder: holder)
            let reason: String
            do {
                let bytes = try repository.store.bytes(of: file, limit: 1 << 20)
                if try SHA256.digest(bytes) == voucher.sha256 { return nil }
                reason = "is not what was sealed for \(holder)"
            } catch let error as RepositoryError where [.notFound, .corrupt].contains(error.failureClass) {
                reason = error.failureClass == .notFound ? "is missing" : "is not what was sealed for \(holder)"
            }
            return HolderFileDamage(generation: own, holder: holder, file: file, reason: reason).problem().finding
        }
    }
}
