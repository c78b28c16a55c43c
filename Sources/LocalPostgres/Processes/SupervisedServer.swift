import Dispatch
import Foundation
import OffPool
import Synchronization

/// A server process that ends when its owner does, however the owner ends.
///
/// A small shell process in a session of its own stands between: it starts the server and reads from a pipe that only
/// the owner holds open. When the owner closes the pipe, crashes or is killed, the shell stops the server at once
/// (SIGQUIT) and removes its directories. (The kernel's parent death signal is no substitute: it fires when the *thread*
/// that made the child ends, and Swift's threads come and go.)
final class SupervisedServer: Sendable {
    private static let script = """
        trap '' INT TERM HUP QUIT PIPE
        exec 3<&0
        "$@" 3<&- </dev/null >>"$WHEELS_LOG" 2>&1 &
        server=$!
        trap '[ -z "$server" ] || kill -QUIT "$server" 2>/dev/null' USR1
        trap 'WHEELS_REMOVE=; WHEELS_REMOVE_SOCKET=; [ -z "$server" ] || kill -QUIT "$server" 2>/dev/null' USR2
        ( if read -r _ <&3; then kill -USR2 $$; else kill -USR1 $$; fi ) >/dev/null 2>&1 &
        reader=$!
        while :; do
            wait "$server"
            status=$?
            kill -0 "$server" 2>/dev/null || break
        done
        server=
        echo "exit $status"
        wait "$reader"
        [ -z "$WHEELS_REMOVE" ] || rm -rf -- "$WHEELS_REMOVE"
        [ -z "$WHEELS_REMOVE_SOCKET" ] || rm -rf -- "$WHEELS_REMOVE_SOCKET"
        """

    private let supervisor: pid_t
    private let control: FileDescriptor
    private let report: FileDescriptor
    private let isReaped = Mutex(false)

    /// Starts the server.
    ///
    /// - Parameters:
    ///   - command: The server's command line.
    ///   - log: The file that takes what it prints.
    ///   - lock: A lock that supervisor and server hold too, until both have ended.
    ///   - removing: Directories to delete when it has ended: the cluster and the socket's.
    /// - Throws: ``SystemCallError`` when the supervising shell could not be started.
    init(
        command: [String],
        log: String,
        holding lock: FileLock? = nil,
        removing: (cluster: String, socket: String)?
    ) throws(SystemCallError) {
        let control = try Pipe()
        let report = try Pipe()
        var environment = ChildEnvironment.plain
        environment["WHEELS_LOG"] = log
        environment["WHEELS_REMOVE"] = removing?.cluster ?? ""
        environment["WHEELS_REMOVE_SOCKET"] = removing?.socket ?? ""
        supervisor = try ChildProcess.spawn(
            ["/bin/sh", "-c", Self.script, "wheels-db-supervisor"] + command,
            environment: environment,
            files: [0: control.readEnd.number, 1: report.writeEnd.number],
            holding: lock,
            ownSession: true
        )
        self.control = control.writeEnd
        self.report = report.readEnd
        _ = fcntl(self.report.number, F_SETFL, O_NONBLOCK)
    }

    deinit {
        control.close()
        guard !isReaped.withLock({ $0 }) else { return }
        // An ended child that nobody asks after stays in the table of processes, where it hides others from `waitid`.
        let supervisor = supervisor
        DispatchQueue(label: "wheels-db.reap").async { _ = ChildProcess.reap(supervisor) }
    }

    /// Whether the server has ended by itself.
    var hasExited: Bool {
        var byte: UInt8 = 0
        let count = unsafe read(report.number, &byte, 1)
        return count >= 0 || errno != EAGAIN
    }

    /// Stops the server at once, lets its directories be removed, and waits for both.
    ///
    /// - Parameter keepingFiles: Leaves the directories, for another try.
    func end(keepingFiles: Bool = false) async {
        await offPool { self.endNow(keepingFiles: keepingFiles) }
    }

    /// The same, blocking: for the exit of the process.
    func endNow(keepingFiles: Bool = false) {
        if keepingFiles { _ = unsafe write(control.number, "\n", 1) }
        control.close()
        isReaped.withLock { isReaped in
            guard !isReaped else { return }
            isReaped = true
            _ = ChildProcess.reap(supervisor)
        }
    }
}
