import Diagnostics

/// One thing that was looked at, and how it is.
struct DoctorLine: Sendable, Hashable, Encodable {
    /// How a thing is.
    enum State: String, Sendable, Encodable {
        case ok
        /// It works, and a person should know something.
        case warning
        /// Some command will fail, or do something that nobody wants.
        case problem
        /// It was not looked at, and why stands in the message.
        case skipped
    }

    /// The stable name of the check, such as `database.role`.
    let check: String
    /// What was looked at: the machine, an environment, the repository.
    let subject: String
    let state: State
    /// What was found, as one sentence.
    let message: String
    /// What to do, with the command.
    var remedy: String?

    static func ok(_ check: String, _ subject: String, _ message: String) -> DoctorLine {
        DoctorLine(check: check, subject: subject, state: .ok, message: message)
    }

    static func skipped(_ check: String, _ subject: String, _ message: String) -> DoctorLine {
        DoctorLine(check: check, subject: subject, state: .skipped, message: message)
    }

    static func warning(_ check: String, _ subject: String, _ message: String, _ remedy: String) -> DoctorLine {
        DoctorLine(check: check, subject: subject, state: .warning, message: message, remedy: remedy)
    }

    static func problem(_ check: String, _ subject: String, _ message: String, _ remedy: String) -> DoctorLine {
        DoctorLine(check: check, subject: subject, state: .problem, message: message, remedy: remedy)
    }

    /// What an error of a library says, as a line.
    static func problem(_ check: String, _ subject: String, _ error: any Error) -> DoctorLine {
        guard let told = error as? any ExplainedError else {
            return DoctorLine(check: check, subject: subject, state: .problem, message: "Unexpected error: \(error)")
        }
        return DoctorLine(
            check: check, subject: subject, state: .problem, message: told.summary, remedy: told.remedy?.description)
    }

    /// One line for people.
    var text: String {
        let word =
            switch state {
            case .ok: "ok      "
            case .warning: "warning "
            case .problem: "PROBLEM "
            case .skipped: "skipped "
            }
        return "\(word) \(subject): \(message)" + (remedy.map { " → \($0)" } ?? "")
    }
}
