public import Foundation

/// What one run received from its database, and what the runs of its month before it had received.
public struct EgressEntry: Sendable, Hashable, Codable {
    /// When it was noted, by the store's clock.
    public let at: Date
    /// The database's server: a project's ref, a host, or `local`.
    public let source: String
    /// The run ended with a backup.
    public let hasBackup: Bool
    /// Bytes received from the server.
    public let bytes: Int
    /// Whose bytes are not among them, such as `pg_dump`.
    public let notCounted: [String]
    /// The tables that cost most, and their bytes.
    public let tables: [String: Int]
    /// Bytes of the month by source, those of this run included.
    public let month: [String: Int]
    /// Runs of the month, this one included.
    public let runs: Int

    /// How many tables are named.
    static let mostTables = 20
}

/// What a run has to note.
public struct EgressNote: Sendable, Hashable {
    /// The database's server: a project's ref, a host, or ``local``.
    public var source: String
    /// The run ended with a backup.
    public var hasBackup: Bool
    /// Bytes received from the server.
    public var bytes: Int
    /// Whose bytes are not among them.
    public var notCounted: [String]
    /// Bytes by table.
    public var tables: [String: Int]

    /// A note.
    ///
    /// - Parameters:
    ///   - source: The database's server: a project's ref, a host, or ``local``.
    ///   - hasBackup: The run ended with a backup.
    ///   - bytes: Bytes received from the server.
    ///   - notCounted: Whose bytes are not among them.
    ///   - tables: Bytes by table.
    public init(source: String, hasBackup: Bool, bytes: Int, notCounted: [String] = [], tables: [String: Int] = [:]) {
        self.source = source
        self.hasBackup = hasBackup
        self.bytes = bytes
        self.notCounted = notCounted
        self.tables = tables
    }

    /// The source of everything on this machine: its bytes are nobody's egress.
    public static let local = "local"
}

/// What the runs of a month received.
public struct EgressTotals: Sendable, Hashable {
    /// The month.
    public let month: EgressMonth
    /// Bytes by source.
    public var sources: [String: Int] = [:]
    /// Runs that noted something.
    public var runs = 0
    /// The day of the month on which the first of them began; `nil` when there was none.
    public var firstDay: Int?
    /// Newer entries that no key at hand opens: what they say is missing here.
    public var unreadable = 0

    /// Nothing was received yet.
    ///
    /// - Parameter month: The month.
    public init(month: EgressMonth) { self.month = month }

    /// The bytes that count together with those of a source: a plan's egress is that of all its projects, and what stays on
    /// this machine is none.
    ///
    /// - Parameter source: The source.
    /// - Returns: Bytes received in the month.
    public func bytes(beside source: String) -> Int {
        let isLocal = source == EgressNote.local
        return sources.reduce(0) { ($1.key == EgressNote.local) == isLocal ? $0 + $1.value : $0 }
    }
}
