import Foundation
import Glibc

/// A program that is told of a run: the document on its standard input, the event in its variables.
///
/// No shell reads the words. The program runs in a process group of its own, which is killed when it takes too long;
/// what it prints is shown when it fails, and not otherwise.
struct NotificationCommand: Sendable {
    /// The program and its arguments.
    let words: [String]
    let environment: ProcessEnvironment
    /// Variables that it does not get: they open databases and backups.
    let withheld: Set<String>
    /// How long it may take.
    var limit: Duration = .seconds(10)

    /// The secrets that a messenger has no use for.
    private static let secrets: Set = ["WHEELS_IDENTITY", "WHEELS_PASSPHRASE", "WHEELS_WRITER_KEY", "DATABASE_URL"]
    /// How much of what it prints is kept.
    private static let mostOutput = 4_096

    /// A program that the configuration names.
    ///
    /// - Parameters:
    ///   - words: The program and its arguments.
    ///   - environment: What this process was started with.
    ///   - configuration: Names the variables that hold URLs of databases and addresses of others.
    init(_ words: [String], in environment: ProcessEnvironment, _ configuration: Configuration?) {
        self.words = words
        self.environment = environment
        withheld = Self.secrets.union(configuration?.environments.values.map(\.urlFrom) ?? [])
    }

    /// Where the program is; `nil` when there is none: a path as seen from the working directory, or a name in `PATH`.
    var path: String? {
        let name = words[0]
        let places =
            name.contains("/")
            ? [environment.absolutePath(name)]
            : (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":").map { "\($0)/\(name)" }
        return places.first { place in
            var isFolder: ObjCBool = false
            return unsafe FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) && !isFolder.boolValue
                && FileManager.default.isExecutableFile(atPath: place)
        }
    }

    /// Tells it of an event; blocks until it has ended or was killed.
    ///
    /// - Parameter event: What happened.
    /// - Returns: What went wrong; `nil` when it ended with 0.
    func tell(_ event: RunEvent) -> String? {
        guard let path else { return "there is no such program" }
        guard let document = try? NotificationDocument(event).encoded() else {
            return "the message could not be written"
        }
        guard let input = Self.pipe(), let output = Self.pipe() else { return "no pipe could be made" }
        defer { for end in [input.read, output.read] { close(end) } }
        // The pipe takes it whole before anybody reads: the program may as well not.
        let written = unsafe document.withUnsafeBytes { unsafe write(input.write, $0.baseAddress, $0.count) }
        close(input.write)
        let pid = written == document.count ? spawn(path, event, input: input.read, output: output.write) : nil
        close(output.write)
        guard let pid else { return "it could not be started" }
        return Self.end(of: pid, output.read, within: limit)
    }

    /// The variables of the program.
    private func variables(_ event: RunEvent) -> [String] {
        var variables = environment.variables.filter { !withheld.contains($0.key) }
        variables["WHEELS_EVENT"] = event.kind.rawValue
        variables["WHEELS_COMMAND"] = event.command
        variables["WHEELS_EXIT"] = event.exit.map { "\($0.rawValue)" }
        return variables.map { "\($0.key)=\($0.value)" }
    }
}

// MARK: - The process

extension NotificationCommand {
    /// Two ends that no other program inherits; what does not fit is not waited for.
    private static func pipe() -> (read: Int32, write: Int32)? {
        var ends: [Int32] = [0, 0]
        guard unsafe Glibc.pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        return (ends[0], ends[1])
    }

    private func spawn(_ path: String, _ event: RunEvent, input: Int32, output: Int32) -> pid_t? {
        // Its writer blocks as writers do; only ours must not.
        _ = fcntl(output, F_SETFL, 0)
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for (number, own) in [(0, input), (1, output), (2, output)] as [(Int32, Int32)] {
            unsafe posix_spawn_file_actions_adddup2(&actions, own, number)
        }
        // What it leaves running must not keep anything of this process open.
        let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        for number in open.compactMap({ Int32($0) }) where number > 2 {
            unsafe posix_spawn_file_actions_addclose(&actions, number)
        }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        var arguments = unsafe ([path] + words.dropFirst()).map { unsafe strdup($0) } + [nil]
        var variables = unsafe variables(event).map { unsafe strdup($0) } + [nil]
        defer {
            while let last = unsafe arguments.popLast() { unsafe free(last) }
            while let last = unsafe variables.popLast() { unsafe free(last) }
        }
        var pid = pid_t()
        let failure = unsafe posix_spawn(&pid, path, &actions, &attributes, &arguments, &variables)
        return failure == 0 ? pid : nil
    }

    /// Waits for the end of the program, not for that of what it left running.
    private static func end(of pid: pid_t, _ output: Int32, within limit: Duration) -> String? {
        let deadline = ContinuousClock.now + limit
        var printed: [UInt8] = []
        var status: Int32 = 0
        while unsafe waitpid(pid, &status, WNOHANG) == 0 {
            guard ContinuousClock.now < deadline else {
                kill(-pid, SIGKILL)
                while unsafe waitpid(pid, &status, 0) == -1 && errno == EINTR {}
                return "it took longer than \(limit.components.seconds) s and was killed"
            }
            if !read(output, milliseconds: 50, into: &printed) { usleep(20_000) }
        }
        while read(output, milliseconds: 0, into: &printed) {}
        let signal = status & 0x7f
        let code = signal == 0 ? (status >> 8) & 0xff : 128 + signal
        guard code != 0 else { return nil }
        let words = String(decoding: printed, as: UTF8.self).split(whereSeparator: \.isNewline).joined(separator: " ")
        return "it ended with \(code)\(words.isEmpty ? "" : ": \(words)")"
    }

    /// Reads what is there; `false` when there was nothing, or nobody writes any more.
    private static func read(_ end: Int32, milliseconds: Int32, into bytes: inout [UInt8]) -> Bool {
        var question = pollfd(fd: end, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&question, 1, milliseconds) > 0 else { return false }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = unsafe Glibc.read(end, &buffer, buffer.count)
        guard count > 0 else { return false }
        bytes += buffer[..<count].prefix(max(0, mostOutput - bytes.count))
        return true
    }
}
