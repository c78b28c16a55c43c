import Diagnostics
import Foundation
import SealedStreams

/// All claims of a repository, read and judged.
///
/// Their age is by the store's clock; the clock of this machine does not matter.
public struct ClaimBoard: Sendable {
    static let folder = "claims/"

    let records: SealedRecords
    let process: RunningProcess
    let expiry: Duration

    /// The claims of a repository.
    ///
    /// - Parameters:
    ///   - records: What opens them.
    ///   - process: This process; a claim of one that ran here and is gone is dead.
    ///   - timing: When a claim is dead.
    public init(records: SealedRecords, process: RunningProcess = .current(), timing: ClaimTiming = ClaimTiming()) {
        self.records = records
        self.process = process
        expiry = timing.expiry
    }

    /// Reads all claims.
    ///
    /// - Parameter own: A run that is left out: one's own.
    /// - Returns: The claims, ordered by run.
    /// - Throws: ``RepositoryError`` when the store cannot be read.
    public func claims(without own: BackupID? = nil) throws -> [ClaimView] {
        var folders: [BackupID: Folder] = [:]
        for entry in try records.store.list(Self.folder) {
            switch ObjectRole(entry.name) {
            case .claim(let run, let number): folders[run, default: Folder()].signs[number] = entry
            case .releasedClaim(let run): folders[run, default: Folder()].release = entry
            default: continue
            }
        }
        if let own { folders[own] = nil }
        guard !folders.isEmpty else { return [] }
        let now = try records.store.timeForReading()
        return try folders.sorted { $0.key < $1.key }.map { try view(of: $0.key, $0.value, now: now) }
    }

    private struct Folder {
        var signs: [Int: BlobEntry] = [:]
        var release: BlobEntry?

        var objects: [BlobName] {
            signs.sorted { $0.key < $1.key }.map(\.value.name) + (release.map { [$0.name] } ?? [])
        }
    }

    /// A sign of life whose seal counts.
    private struct Sign {
        let entry: BlobEntry
        let record: ClaimRecord?
        /// The generation, where it could not be opened.
        let otherWriter: KeyFingerprint?
        var moment: Date? { entry.modified ?? record?.at }
    }

    private func view(of run: BackupID, _ folder: Folder, now: Date) throws -> ClaimView {
        var complaint = "it has no sign of life"
        let sign = try lastSign(in: folder, complaint: &complaint)
        let state: ClaimView.State
        if let release = folder.release, try ends(release.name, sign) {
            state = .released
        } else if let sign {
            state = try judge(sign, now: now)
        } else {
            state = .void(complaint)
        }
        return ClaimView(
            run: run, state: state, record: sign?.record, lastSign: sign?.moment, objects: folder.objects)
    }

    /// The newest sign of life that a key of this repository sealed; a forged one makes nobody live longer.
    private func lastSign(in folder: Folder, complaint: inout String) throws -> Sign? {
        for entry in folder.signs.sorted(by: { $0.key > $1.key }).map(\.value) {
            switch try opened(ClaimRecord.self, entry.name) {
            case .content(let record): return Sign(entry: entry, record: record, otherWriter: nil)
            case .otherGeneration(let writer): return Sign(entry: entry, record: nil, otherWriter: writer)
            case .forged(let reason): complaint = reason
            case .gone: continue
            }
        }
        return nil
    }

    /// Whether a release counts: it opens, or neither it nor the claim does and both are of the same generation.
    private func ends(_ release: BlobName, _ sign: Sign?) throws -> Bool {
        switch try opened(ClaimRelease.self, release) {
        case .content: true
        case .otherGeneration(let writer): sign?.otherWriter == writer
        case .forged, .gone: false
        }
    }

    private func judge(_ sign: Sign, now: Date) throws -> ClaimView.State {
        if let record = sign.record, process.knowsGone(record.process) {
            return .dead("its process \(record.process.pid) on this machine is gone")
        }
        guard let moment = sign.moment, now.timeIntervalSince(moment) > expiry / .seconds(1) else { return .live }
        return .dead("its last sign of life is of \(moment.formatted(.iso8601))")
    }

    private enum Opened<Content> {
        case content(Content)
        /// Sealed by a generation of this repository whose key is not at hand.
        case otherGeneration(KeyFingerprint)
        case forged(String)
        case gone
    }

    private func opened<Content: Decodable>(_ type: Content.Type, _ name: BlobName) throws -> Opened<Content> {
        do {
            return .content(try records.content(type, of: name, kind: .claim))
        } catch let error as any ExplainedError {
            guard try records.store.size(of: name) != nil else { return .gone }
            switch error.failureClass {
            case .corrupt, .unsupportedVersion: return .forged(error.summary)
            case .wrongKey: return .otherGeneration(try records.writer(of: name))
            default: throw error
            }
        }
    }
}

extension BlobStore {
    /// The store's time, for judging what is there; where asking for it takes a right to write that the caller does not
    /// have, this machine's.
    func timeForReading() throws -> Date {
        do { return try now() } catch let error as any ExplainedError {
            guard error.failureClass == .permission else { throw error }
            return .now
        }
    }
}
