import Glibc

/// The server process of a data directory, as its `postmaster.pid` tells.
///
/// See PostgreSQL 15 manual, section 73.1 "Database File Layout".
struct Postmaster: Sendable, Hashable {
    let pid: Int32
    let startedAt: Int?
    let port: Int
    let socketDirectory: String
    let isReady: Bool

    /// Reads the file's lines: pid, data directory, start time, port, socket directory, address, shared memory, state.
    init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 5, let pid = Int32(lines[0]), pid > 0, let port = Int(lines[3]) else { return nil }
        self.pid = pid
        startedAt = Int(lines[2])
        self.port = port
        socketDirectory = String(lines[4])
        isReady = lines.count > 7 && lines[7].hasPrefix("ready")
    }

    /// The running server of a data directory; `nil` when there is none, whatever a stale file says.
    ///
    /// A process id may have been given to another program since. A server's working directory is its data directory,
    /// which tells the two apart.
    static func running(in dataDirectory: String) -> Postmaster? {
        guard
            let text = TextFile.read(dataDirectory + "/postmaster.pid"),
            let postmaster = Postmaster(text: text),
            isServer(postmaster.pid, of: dataDirectory)
        else { return nil }
        return postmaster
    }

    /// Whether a process is a server that works in this data directory.
    static func isServer(_ pid: Int32, of dataDirectory: String) -> Bool {
        guard let directory = TextFile.linkTarget("/proc/\(pid)/cwd") else { return false }
        return directory == TextFile.realPath(dataDirectory)
    }

    /// Asks the server to stop and waits for it.
    ///
    /// - Throws: ``LocalServerError`` when it is still there after the time, even after the immediate signal.
    static func stop(in dataDirectory: String, signal: Int32, within limit: Duration = .seconds(60)) async throws {
        guard let running = running(in: dataDirectory) else { return }
        let begin = ContinuousClock.now
        kill(running.pid, signal)
        while isServer(running.pid, of: dataDirectory) {
            guard ContinuousClock.now - begin < limit else { throw LocalServerError.didNotStop(pid: running.pid) }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
