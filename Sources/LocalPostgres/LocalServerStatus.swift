public import Foundation
public import PostgresTypes

/// What is known about a kept cluster.
public struct LocalServerStatus: Sendable {
    /// Whether there is a cluster, and whether its server runs.
    public enum State: Sendable, Hashable {
        /// Nothing was made yet, or the making was interrupted.
        case absent
        /// The files are there.
        case stopped
        /// The server runs as this process.
        case running(pid: Int32)
    }

    /// The cluster's folder.
    public let folder: String
    /// Whether it runs.
    public internal(set) var state: State
    /// The URL for role and database `postgres`, password included, while it runs.
    public internal(set) var url: String?
    /// The version of the running server.
    public internal(set) var version: ServerVersion?
    /// Where its data lies; not below ``folder`` when the server's account cannot enter that.
    public internal(set) var dataDirectory: String?
    /// Bytes of all databases, as the running server counts them.
    public internal(set) var databaseBytes: Int?
    /// Bytes of all its files, write-ahead log included.
    public internal(set) var diskBytes: Int?
    /// When the server was started.
    public internal(set) var startedAt: Date?

    init(folder: String, state: State) {
        self.folder = folder
        self.state = state
    }
}
