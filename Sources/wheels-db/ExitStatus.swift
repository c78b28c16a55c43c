import Diagnostics

/// The exit codes of every command: the one table that scripts can rely on.
enum ExitStatus: Int32, CaseIterable, Sendable {
    case ok = 0
    case failure = 1
    case findings = 2
    case notFound = 10
    case locked = 11
    case wrongKey = 12
    case corrupt = 13
    case unreachable = 14
    case permission = 15
    case unsupportedVersion = 16
    case outOfSpace = 17
    case dataDiffers = 18
    case refused = 19
    case noConnectionSlot = 53
    case usage = 64
    case interrupted = 130

    /// The exit code of a kind of failure.
    init(_ failureClass: FailureClass) {
        self =
            switch failureClass {
            case .failure: .failure
            case .findings: .findings
            case .notFound: .notFound
            case .locked: .locked
            case .wrongKey: .wrongKey
            case .corrupt: .corrupt
            case .unreachable: .unreachable
            case .permission: .permission
            case .unsupportedVersion: .unsupportedVersion
            case .outOfSpace: .outOfSpace
            case .dataDiffers: .dataDiffers
            case .refused: .refused
            case .noConnectionSlot: .noConnectionSlot
            case .usage: .usage
            case .interrupted: .interrupted
            }
    }

    /// One line that says what the code means.
    var meaning: String {
        switch self {
        case .ok: "done"
        case .failure: "failed"
        case .findings: "done, and there are findings"
        case .notFound: "no such repository, backup or file"
        case .locked: "locked by another run"
        case .wrongKey: "wrong key, identity or passphrase"
        case .corrupt: "damaged data, or a verification failed"
        case .unreachable: "database or store unreachable"
        case .permission: "a privilege is missing, or row level security hides rows"
        case .unsupportedVersion: "unsupported server, client or format version"
        case .outOfSpace: "disk, quota or egress budget exhausted"
        case .dataDiffers: "restored data differs from the backup"
        case .refused: "refused by a guard; nothing was changed"
        case .noConnectionSlot: "the server has no free connection slot"
        case .usage: "wrong usage or configuration, or a missing --yes or key off a terminal"
        case .interrupted: "interrupted by a signal"
        }
    }

    /// The table as it ends every `--help`.
    static let table: String = {
        let lines = allCases.map { status in
            let code = String(status.rawValue)
            return "  " + String(repeating: " ", count: max(0, 3 - code.count)) + code + "  " + status.meaning
        }
        return "EXIT CODES\n" + lines.joined(separator: "\n")
    }()
}
