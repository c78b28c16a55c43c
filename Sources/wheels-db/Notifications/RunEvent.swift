import Diagnostics

/// What happened to a run, as others are told.
struct RunEvent: Sendable {
    /// The command, such as `backup create`.
    let command: String
    /// What happened.
    let kind: NotificationSettings.Event
    /// The environment that was named; `nil` when none was.
    let environment: String?
    /// How the run ended; `nil` at its start.
    var exit: ExitStatus?
    /// How long it took; `nil` at its start.
    var duration: Duration?
    /// Why it failed; `nil` when it did not, or when it said so in findings alone.
    var error: (code: String, summary: String, remedy: String?)?

    /// The event that an exit code means.
    static func kind(of exit: ExitStatus) -> NotificationSettings.Event {
        switch exit {
        case .ok: .success
        case .findings: .findings
        default: .failure
        }
    }

    /// One sentence for people; what failed stands in it, and what to do.
    var sentence: String {
        let place = environment.map { " (\($0))" } ?? ""
        let took = duration.map { " after \(HumanUnits.duration($0))" } ?? ""
        let end = exit.map { ", exit \($0.rawValue): \($0.meaning)" } ?? ""
        let why = error.map { " \($0.summary)" + ($0.remedy.map { " \($0)" } ?? "") } ?? ""
        return switch kind {
        case .start: "wheels-db \(command)\(place) has begun."
        case .success: "wheels-db \(command)\(place) is done\(took)."
        case .findings: "wheels-db \(command)\(place) has findings\(took)\(end).\(why)"
        case .failure: "wheels-db \(command)\(place) FAILED\(took)\(end).\(why)"
        }
    }
}
