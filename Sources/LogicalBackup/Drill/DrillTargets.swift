public import ArchiveRepository
public import Diagnostics
public import Foundation

/// What the drills of a repository promise: that one passed lately, and that a recovery takes no longer than it may.
public struct DrillTargets: Sendable {
    private let maxAge: Duration?
    private let time: Duration?
    private let now: Date

    /// Targets.
    ///
    /// - Parameters:
    ///   - maxAge: How old the last drill that passed may be; `nil` when that does not matter.
    ///   - time: How long a recovery may take; `nil` when nothing is promised.
    ///   - now: The store's time.
    public init(maxAge: Duration?, time: Duration?, now: Date) {
        self.maxAge = maxAge
        self.time = time
        self.now = now
    }

    /// The last drill of each database that passed.
    ///
    /// - Parameters:
    ///   - sources: The databases.
    ///   - drills: The drills, newest first.
    /// - Returns: One for each database that had one.
    public static func last(of sources: [String], _ drills: [DrillRecord]) -> [DrillRecord] {
        sources.compactMap { source in drills.first { $0.source == source && $0.passed } }
    }

    /// What is not as promised.
    ///
    /// - Parameters:
    ///   - sources: The databases.
    ///   - drills: The drills, newest first.
    /// - Returns: A finding for each promise that is broken.
    public func findings(_ sources: [String], _ drills: [DrillRecord]) -> [Finding] {
        sources.flatMap { source -> [Finding] in
            let last = drills.first { $0.source == source && $0.passed }
            return [age(of: last, source), recovery(of: last, source)].compactMap(\.self)
        }
    }

    private func age(of last: DrillRecord?, _ source: String) -> Finding? {
        guard let maxAge else { return nil }
        guard let last else {
            return finding("drill.missing", source, "No drill of \(source) has passed yet.")
        }
        guard now.timeIntervalSince(last.at) > maxAge / .seconds(1) else { return nil }
        let day = last.at.formatted(.iso8601.year().month().day())
        return finding("drill.stale", source, "The last drill of \(source) that passed is too old: \(day).")
    }

    private func recovery(of last: DrillRecord?, _ source: String) -> Finding? {
        guard let time, let last, last.recoverySeconds > time / .seconds(1) else { return nil }
        let took = Int(last.recoverySeconds.rounded(.up))
        return finding(
            "drill.recovery.time", source,
            "Recovery of \(source) took \(took) s in the last drill, more than the \(Int(time / .seconds(1))) s of recovery.time."
        )
    }

    private func finding(_ code: String, _ source: String, _ message: String) -> Finding {
        Finding(
            code: code, severity: .error, subject: source, message: message,
            remedy: Remedy("Where the identity is:", command: "wheels-db drill"))
    }
}
