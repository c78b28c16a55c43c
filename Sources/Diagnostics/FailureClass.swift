/// The kind of a failure, as far as a script has to tell failures apart.
///
/// Each class has one exit code; the table stands in the command line's `ExitStatus`.
public enum FailureClass: String, Sendable, Codable, CaseIterable {
    /// Anything without a class of its own.
    case failure
    /// The work was done and a check reports problems.
    case findings
    /// No such repository, backup, file or object.
    case notFound
    /// Another run holds the lock.
    case locked
    /// The key, identity or passphrase does not open this.
    case wrongKey
    /// Stored bytes are damaged, or a verification failed.
    case corrupt
    /// The database or the store cannot be reached.
    case unreachable
    /// The role lacks a privilege, or row level security would hide rows.
    case permission
    /// A server, client, format or file version that is not supported.
    case unsupportedVersion
    /// Disk, quota or egress budget is exhausted.
    case outOfSpace
    /// What was restored is not what was backed up.
    case dataDiffers
    /// A guard refused; nothing was changed.
    case refused
    /// The server has no free connection slot.
    case noConnectionSlot
    /// The command line or the configuration is wrong.
    case usage
    /// The run was interrupted by a signal.
    case interrupted
}
