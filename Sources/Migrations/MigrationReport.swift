public import Diagnostics

/// What a run did.
public struct MigrationReport: Sendable, Hashable {
    /// The migrations that were applied, in order.
    public let applied: [MigrationFileName]
    /// What was found and did not stop the run.
    public let findings: [Finding]
    /// How long it took.
    public let duration: Duration
}
