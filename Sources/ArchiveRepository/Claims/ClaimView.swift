public import Foundation

/// A claim as another run sees it.
public struct ClaimView: Sendable, Hashable {
    /// Whether its run is at work.
    public enum State: Sendable, Hashable {
        /// It may be at work.
        case live
        /// It is dead: why, as the end of a sentence.
        case dead(String)
        /// It ended, or another run found it dead.
        case released
        /// No key of the repository made it; it holds nobody up.
        case void(String)
    }

    /// The run, or in a void claim what would be its name.
    public let run: BackupID
    /// Whether it is at work.
    public let state: State
    /// What it says; `nil` when another generation of keys sealed it, or nobody.
    public let record: ClaimRecord?
    /// Its last sign of life, by the store's clock.
    public let lastSign: Date?
    /// Its objects, in the order in which they may be removed: what ends it is the last.
    public let objects: [BlobName]

    /// Whether a run for some purpose has to wait for this one.
    ///
    /// A claim whose text cannot be read holds up everybody.
    func holdsUp(_ purpose: ClaimPurpose) -> Bool {
        guard state == .live else { return false }
        return record.map { $0.purpose.excludes(purpose) } ?? true
    }

    /// Who it is, for messages.
    public var owner: String {
        guard let record else { return "Run \(run), made with other keys of this repository" }
        return "\(record.command) (run \(run), process \(record.process.pid) on \(record.process.host), since"
            + " \(record.started.formatted(.iso8601)))"
    }
}
