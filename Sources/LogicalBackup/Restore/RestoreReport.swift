public import Diagnostics

/// What a restore did.
public struct RestoreReport: Sendable {
    /// The backup that was restored.
    public let backup: String
    /// Tables whose rows were loaded.
    public let tables: Int
    /// Rows loaded.
    public let rows: Int
    /// Seconds from begin to end.
    public let seconds: Double
    /// The proof, unless it was turned off.
    public let proof: ProofReport?
    /// What a person should look at: objects that were left out.
    public let warnings: [Finding]
    /// What was left as it is, and why.
    public let kept: [RestorePlan.Item]
}

/// What was compared after a restore.
///
/// Everything was equal: otherwise there is no report but an error.
public struct ProofReport: Sendable, Hashable, Codable {
    /// Tables whose row count and content digest were compared.
    public let tables: Int
    /// Rows in them.
    public let rows: Int
    /// Foreign keys whose rows were checked, by the server when it made the key or by an anti-join.
    public let foreignKeys: Int
    /// Access lists that were compared both ways.
    public let accessLists: Int
    /// Sequences that were compared.
    public let sequences: Int
}
