import ArchiveRepository
import Foundation

/// What a run takes from outside that is neither its arguments nor its process: the time, and where objects are kept.
struct RunWorld: Sendable {
    /// What the clock of this machine says.
    var clock: @Sendable () -> Date = { .now }
    /// Opens the store at a place, with the process's variables and how long failed requests are repeated.
    var openStore: @Sendable (String, [String: String], RetryPolicy) throws -> any BlobStore = {
        try BlobStores.open(location: $0, environment: $1, userAgent: "wheels-db/\(WheelsDB.version)", retry: $2)
    }
}
