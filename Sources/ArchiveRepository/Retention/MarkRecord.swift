public import Foundation

/// What a mark says beside its name.
public struct MarkRecord: Sendable, Hashable, Codable {
    /// When it was put, by the store's clock.
    public let at: Date
    /// The command that put it, such as `backup prune`.
    public let command: String
    /// The machine, for people.
    public let host: String
    /// Why, for people.
    public let note: String?

    /// What a mark says.
    ///
    /// - Parameters:
    ///   - at: When it is put, by the store's clock.
    ///   - command: The command that puts it.
    ///   - host: The machine.
    ///   - note: Why.
    public init(at: Date, command: String, host: String = RunningProcess.current().host, note: String? = nil) {
        self.at = at
        self.command = command
        self.host = host
        self.note = note
    }
}
