public import Diagnostics
public import Foundation

/// What a check of a repository found.
public struct CheckReport: Sendable {
    /// The store's time when the check began.
    public internal(set) var now = Date.distantPast
    /// Backups with a manifest that can be read, deleted ones included.
    public internal(set) var backups = 0
    /// Objects that they need.
    public internal(set) var objects = 0
    /// The stored bytes of these.
    public internal(set) var storedBytes = 0
    /// Objects whose code was checked.
    public internal(set) var checkedCodes = 0
    /// Objects that were opened and decoded.
    public internal(set) var opened = 0
    /// The stored bytes of those that were chosen to be opened, good or not.
    public internal(set) var openedBytes = 0
    /// Objects of rows and schemas that no backup needs, and their bytes; `nil` when it cannot be told.
    public internal(set) var orphans: Orphans?
    /// Objects that are not as they should be.
    public internal(set) var problems: [ObjectProblem] = []
    /// Everything found, the problems first.
    public var findings: [Finding] { problems.map(\.finding) + others }

    var others: [Finding] = []
    var isBroken = false

    /// Objects that no backup needs: a killed run leaves them, and a prune removes them.
    public struct Orphans: Sendable, Hashable, Codable {
        /// How many.
        public let objects: Int
        /// Their bytes.
        public let bytes: Int
    }

    /// How the check ends: `corrupt` when something is damaged or missing, `findings` when a person should look at
    /// something, `unsupportedVersion` when a newer program wrote something, `nil` when the repository is sound.
    public var failureClass: FailureClass? {
        let worst = ObjectProblem.failureClass(of: problems)
        if isBroken || worst == .corrupt { return .corrupt }
        if worst == .unsupportedVersion { return worst }
        return findings.contains { $0.severity > .note } ? .findings : nil
    }
}
