import Diagnostics

/// What happened to a run, as others are told.
struct RunEvent: Sendable {
    /// The command, such as `backup create`.
    let command: String
    /// What happened.
    let kind: NotificationSettings.Event
    /// The environment that was named; `nil` when none was.
    let environment: String?
    /// The machine it ran on.
    var host: String?
    /// The repository it was for, without the parameters of its address; `nil` when none was named.
    var repository: String?
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

    /// What happened, in one line.
    var headline: String {
        let place = environment.map { " (\($0))" } ?? ""
        let machine = host.map { " on \($0)" } ?? ""
        let took = duration.map { " after \(HumanUnits.duration($0))" } ?? ""
        let end = exit.map { ", exit \($0.rawValue): \($0.meaning)" } ?? ""
        return switch kind {
        case .start: "wheels-db \(command)\(place) has begun."
        case .success: "wheels-db \(command)\(place) is done\(took)."
        case .findings: "wheels-db \(command)\(place) has findings\(machine)\(took)\(end)."
        case .failure: "wheels-db \(command)\(place) FAILED\(machine)\(took)\(end)."
        }
    }

    /// What people read who were asleep: what happened, why, what to do, and where to look.
    var text: String {
        guard kind == .findings || kind == .failure else { return headline }
        var lines = [headline]
        if let error { lines += [error.summary, error.remedy].compactMap(\.self) }
        if let repository { lines.append("Repository: \(repository)") }
        if kind == .failure { lines.append("What the run needs, looked at on that machine: wheels-db doctor") }
        return lines.joined(separator: "\n")
    }
}
