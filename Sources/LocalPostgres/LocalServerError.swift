public import Diagnostics

/// What can go wrong between finding PostgreSQL's programs and a running, Supabase-shaped server.
public struct LocalServerError: ExplainedError, Sendable {
    /// The stable name for scripts, such as `local.no-server`.
    public let code: String
    /// What failed, and on what.
    public let summary: String
    /// What to do next.
    public let remedy: Remedy?
    /// The kind of failure.
    public let failureClass: FailureClass

    init(_ code: String, _ summary: String, remedy: Remedy?, class failureClass: FailureClass = .failure) {
        self.code = code
        self.summary = summary
        self.remedy = remedy
        self.failureClass = failureClass
    }
}

extension LocalServerError {
    static func noServer(major: Int?, rejected: [String]) -> LocalServerError {
        let wanted = major.map { "PostgreSQL \($0)" } ?? "PostgreSQL 15 or newer"
        let looked = rejected.isEmpty ? "" : " Not usable: \(rejected.joined(separator: "; "))."
        return LocalServerError(
            "local.no-server",
            "\(wanted) is not on this machine (needed are the programs postgres, initdb and pg_ctl).\(looked)",
            remedy: Remedy("Install the server; no service has to run.", command: installCommand(major: major ?? 15)),
            class: .notFound
        )
    }

    static func noUnprivilegedUser() -> LocalServerError {
        LocalServerError(
            "local.no-account",
            "PostgreSQL refuses to run as root, and neither a user \"postgres\" nor \"nobody\" exists to run it as.",
            remedy: Remedy("Run as a normal user, or add one.", command: "useradd --system postgres"),
            class: .permission
        )
    }

    static func program(_ name: String, output: String, doing: String) -> LocalServerError {
        let reason = output.trimmedTail
        return LocalServerError(
            "local.program-failed",
            "\(name) failed while \(doing).\(reason.isEmpty ? "" : " It said: \(reason)")",
            remedy: Remedy("Look at the message above; a full disk or a missing library is the usual reason.")
        )
    }

    static func system(_ doing: String, _ error: SystemCallError) -> LocalServerError {
        LocalServerError(
            "local.system",
            "Cannot \(doing): \(error.description).",
            remedy: error.isPermission
                ? Remedy("Run as the user who owns it, or choose another folder.") : nil,
            class: error.isPermission ? .permission : error.isFull ? .outOfSpace : .failure
        )
    }

    static func notTraversable(_ path: String, account: String) -> LocalServerError {
        LocalServerError(
            "local.not-traversable",
            "The server runs as user \"\(account)\", who may not enter \(path).",
            remedy: Remedy(
                "Choose a folder outside of private home directories, or let others pass through its parents."),
            class: .permission
        )
    }

    static func socketDirectory(_ path: String) -> LocalServerError {
        LocalServerError(
            "local.socket-directory",
            "The directory \(path) for the server's socket exists and is not private to this cluster's user.",
            remedy: Remedy("See whose it is, then remove it.", command: "ls -ld \(path)"),
            class: .permission
        )
    }

    static func locked(_ path: String) -> LocalServerError {
        LocalServerError(
            "local.locked",
            "Another process has been starting or stopping the server in \(path) for over a minute.",
            remedy: Remedy("Wait for it, or end it, then try again.", command: "wheels-db local status"),
            class: .locked
        )
    }

    static func didNotStart(log: String, tail: String) -> LocalServerError {
        let reason = tail.trimmedTail
        return LocalServerError(
            "local.did-not-start",
            "The server did not start.\(reason.isEmpty ? "" : " Its log ends with: \(reason)")",
            remedy: Remedy("Read the log, then start again.", command: "tail -n 50 \(log)")
        )
    }

    static func didNotStop(pid: Int32) -> LocalServerError {
        LocalServerError(
            "local.did-not-stop",
            "The server (process \(pid)) has not stopped within a minute.",
            remedy: Remedy("End it by force; the next start recovers from its log.", command: "kill -QUIT \(pid)")
        )
    }

    static func otherMajor(made: Int, found: Int) -> LocalServerError {
        LocalServerError(
            "local.other-version",
            "The local cluster was made by PostgreSQL \(made), and only PostgreSQL \(found) is installed.",
            remedy: Remedy(
                "Install version \(made), or throw the cluster's data away:  wheels-db local reset",
                command: installCommand(major: made)
            ),
            class: .unsupportedVersion
        )
    }

    static func unreadable(_ path: String) -> LocalServerError {
        LocalServerError(
            "local.unreadable",
            "The file \(path) of the local cluster cannot be read.",
            remedy: Remedy("Run as the user who made the cluster, or make it anew.", command: "wheels-db local reset"),
            class: .permission
        )
    }

    private static func installCommand(major: Int) -> String { "apt-get install postgresql-\(major)" }
}

extension String {
    /// The last lines of a program's output in one line, short enough for a message.
    var trimmedTail: String {
        split(whereSeparator: \.isNewline).suffix(4).map { $0.drop { $0 == " " } }.joined(separator: " / ").suffixed(
            600)
    }

    private func suffixed(_ length: Int) -> String { count <= length ? self : "…" + suffix(length) }
}
