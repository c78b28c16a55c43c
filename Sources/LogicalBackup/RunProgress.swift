import Synchronization

/// How far a backup, verification or restore has come.
public struct RunProgress: Sendable, Hashable {
    /// What is being done, such as `rows`.
    public let phase: String
    /// Units done.
    public let done: Int
    /// Units in all; 0 where it is not known.
    public let total: Int
    /// What is at work, such as a table's name.
    public let subject: String?

    /// A state of a run.
    ///
    /// - Parameters:
    ///   - phase: What is being done.
    ///   - done: Units done: bytes where the phase moves rows, else objects.
    ///   - total: Units in all.
    ///   - subject: What is at work.
    public init(phase: String, done: Int, total: Int, subject: String? = nil) {
        self.phase = phase
        self.done = done
        self.total = total
        self.subject = subject
    }
}

/// Adds up what several workers have done.
final class DoneCounter: Sendable {
    private let sum = Atomic(0)

    /// Adds, and returns the sum.
    func add(_ amount: Int) -> Int {
        sum.wrappingAdd(amount, ordering: .relaxed).newValue
    }
}

/// Receives the progress of a run, from several tasks at once.
public typealias ProgressHandler = @Sendable (RunProgress) -> Void
