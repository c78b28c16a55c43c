import Diagnostics
import Foundation
public import SealedStreams

/// What a manifest notes of a file that opens what it names: without it the rows are lost, so a check looks at it too.
///
/// Nothing but its holder's secret opens such a file; whether it is still the one that was stored, its digest tells.
public struct KeyFile: Sendable, Hashable, Codable {
    /// Where it is: `runs/<run>.age`.
    public let name: BlobName
    /// SHA-256 of its bytes.
    public let sha256: Digest

    /// A file that opens something.
    ///
    /// - Parameters:
    ///   - name: Where it is.
    ///   - sha256: SHA-256 of its bytes.
    public init(name: BlobName, sha256: Digest) {
        self.name = name
        self.sha256 = sha256
    }
}

extension RunWriter {
    /// The files that open some objects: the data keys of their runs.
    ///
    /// - Parameters:
    ///   - objects: What a manifest is going to name.
    ///   - known: The files that the last manifest notes; they are not read again, so a change since then is found.
    /// - Returns: The files, ordered by name.
    /// - Throws: ``RepositoryError`` when one is missing or the store cannot be read.
    public func keyFiles(of objects: [StoredObject], known: [KeyFile] = []) throws -> [KeyFile] {
        let names = Set(try objects.map { try Layout.runKey($0.run) })
        let digests = Dictionary(known.map { ($0.name, $0.sha256) }) { first, _ in first }
        return try names.sorted().map { name in
            if let sha256 = digests[name] { return KeyFile(name: name, sha256: sha256) }
            let bytes = try access.repository.store.bytes(of: name, limit: 1 << 20)
            return KeyFile(name: name, sha256: try SHA256.digest(bytes))
        }
    }
}

extension RepositoryCheck {
    /// Holders' files that are not what the writer key vouches for, where it is at hand.
    func holderFileProblems(_ contents: RepositoryContents) throws -> [ObjectProblem] {
        let ring = records.access.repository.keyRing
        var problems: [ObjectProblem] = []
        for entry in try ring.entries() {
            for holder in entry.holders {
                guard let generation = KeyFingerprint(hex: entry.generation) else { continue }
                let mark = try Layout.holderMark(generation, holder: holder)
                let file = try Layout.holderFile(generation, holder: holder)
                func problem(_ object: BlobName, _ reason: String) -> ObjectProblem {
                    ObjectProblem(kind: .damaged, object: object, reason: reason, backups: [], tables: [])
                }
                do {
                    let bytes = try records.access.document(mark, kind: .mark)
                    let voucher = try JSONDecoder().decode(HolderVoucher.self, from: Data(bytes))
                    guard try SHA256.digest(try store.bytes(of: file, limit: 1 << 20)) != voucher.sha256 else {
                        continue
                    }
                    problems.append(problem(file, "\(file) is not what was sealed for \(holder)."))
                } catch let error as any ExplainedError where error.failureClass == .corrupt {
                    problems.append(
                        problem(
                            mark,
                            "No writer key vouches for \(file), since \(mark) is missing or damaged: somebody else may have"
                                + " put it there."))
                } catch let error as any ExplainedError where error.failureClass == .wrongKey { continue }
            }
        }
        return problems
    }

    /// Key files that are there and not what was stored; those that are missing are looked for by run.
    func keyFileProblems(_ entries: [BackupEntry], _ contents: RepositoryContents) throws -> [ObjectProblem] {
        var backups: [KeyFile: [BackupID]] = [:]
        for entry in entries { for file in entry.keyFiles { backups[file, default: []].append(entry.id) } }
        return try backups.sorted { $0.key.name < $1.key.name }.compactMap { file, backups in
            guard contents.sizes[file.name] != nil else { return nil }
            guard try SHA256.digest(try store.bytes(of: file.name, limit: 1 << 20)) != file.sha256 else { return nil }
            return ObjectProblem(
                kind: .damaged,
                object: file.name,
                reason: "\(file.name) is not the key file that was stored.",
                backups: backups.sorted(),
                tables: []
            )
        }
    }
}
