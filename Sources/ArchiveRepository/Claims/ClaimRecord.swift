public import Foundation

/// What a claim says: who is at work, and since when.
public struct ClaimRecord: Sendable, Hashable, Codable {
    /// What the run is for.
    public let purpose: ClaimPurpose
    /// The command, such as `backup create`.
    public let command: String
    /// The process.
    public let process: RunningProcess
    /// When the run began, by the store's clock.
    public let started: Date
    /// When this sign of life was given, by the store's clock.
    public let at: Date
}

/// What `claims/<run>/released` says: the run ended, or another run found it dead.
struct ClaimRelease: Sendable, Hashable, Codable {
    /// When, by the store's clock.
    let at: Date
    /// The run that found it dead; `nil` when it ended by itself.
    let foundDeadBy: BackupID?
}
