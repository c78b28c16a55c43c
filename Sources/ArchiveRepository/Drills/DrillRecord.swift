public import Foundation

/// What one drill found: a backup was restored into a throwaway server, proved and questioned.
public struct DrillRecord: Sendable, Hashable, Codable {
    /// When it ended, by the store's clock.
    public var at: Date
    /// The backup that was restored.
    public var backup: String
    /// The database of the backup: the project's ref, where there is one, and the name.
    public var source: String
    /// Whether the backup was restored, proved equal, and every assertion held.
    public var passed: Bool
    /// The stable name of what failed, such as `proof.digest`; `nil` when nothing did.
    public var failure: String?
    /// Rows restored.
    public var rows: Int
    /// Assertions that held.
    public var assertions: Int
    /// Assertions that did not.
    public var failedAssertions: Int
    /// Recovery time: seconds from the start of the drill to the end of the proof.
    public var recoverySeconds: Double
    /// Recovery point: seconds between the moment that the backup brings back and the start of the drill.
    public var pointSeconds: Double
    /// The version of the server that it was restored into, such as `15.14`.
    public var server: String
    /// The version of the tool.
    public var tool: String

    /// A record of a drill.
    ///
    /// - Parameters:
    ///   - at: When it ended, by the store's clock.
    ///   - backup: The backup that was restored.
    ///   - source: The database of the backup.
    ///   - passed: Whether all went well.
    ///   - failure: The stable name of what failed.
    ///   - rows: Rows restored.
    ///   - assertions: Assertions that held.
    ///   - failedAssertions: Assertions that did not.
    ///   - recoverySeconds: Seconds from the start to the end of the proof.
    ///   - pointSeconds: Seconds between the backup's moment and the start.
    ///   - server: The version of the server.
    ///   - tool: The version of the tool.
    public init(
        at: Date,
        backup: String,
        source: String,
        passed: Bool,
        failure: String? = nil,
        rows: Int,
        assertions: Int,
        failedAssertions: Int,
        recoverySeconds: Double,
        pointSeconds: Double,
        server: String,
        tool: String
    ) {
        self.at = at
        self.backup = backup
        self.source = source
        self.passed = passed
        self.failure = failure
        self.rows = rows
        self.assertions = assertions
        self.failedAssertions = failedAssertions
        self.recoverySeconds = recoverySeconds
        self.pointSeconds = pointSeconds
        self.server = server
        self.tool = tool
    }
}
