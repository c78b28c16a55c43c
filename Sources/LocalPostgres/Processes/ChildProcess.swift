import Foundation

/// A program run to its end: what it printed and how it ended.
package struct ChildProcess: Sendable {
    /// The exit status, or 128 and the signal's number as shells count it.
    package let status: Int32
    /// What it wrote to standard output.
    package let output: String
    /// What it wrote to standard error.
    package let errorOutput: String

    /// Runs a program and waits for it; blocks the calling thread.
    ///
    /// The child starts in `/`, because a server account may not enter the caller's directory; with no signal blocked;
    /// and without the caller's open files.
    ///
    /// - Parameters:
    ///   - command: The program's absolute path and its arguments.
    ///   - environment: All of the child's environment.
    /// - Returns: Output and status.
    /// - Throws: An error naming the failed system call when the program could not be started.
    package static func run(
        _ command: [String],
        environment: [String: String] = ChildEnvironment.plain
    ) throws -> ChildProcess {
        let output = try Pipe()
        let errors = try Pipe()
        let pid = try spawn(
            command,
            environment: environment,
            files: [1: output.writeEnd.number, 2: errors.writeEnd.number]
        )
        output.writeEnd.close()
        errors.writeEnd.close()
        let texts = readBoth(output.readEnd, errors.readEnd)
        return ChildProcess(status: reap(pid), output: texts.0, errorOutput: texts.1)
    }

    /// Starts a program without waiting for it.
    ///
    /// - Parameters:
    ///   - command: The program's absolute path and its arguments.
    ///   - environment: All of the child's environment.
    ///   - files: The child's descriptor to the caller's; standard ones not named are `/dev/null`.
    ///   - ownSession: Whether a signal to the caller's process group (Ctrl-C) spares the child.
    /// - Returns: The process id; the caller reaps it.
    /// - Throws: ``SystemCallError`` when the program could not be started.
    static func spawn(
        _ command: [String],
        environment: [String: String],
        files: [Int32: Int32],
        ownSession: Bool = false
    ) throws(SystemCallError) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for number: Int32 in 0...2 {
            if let own = files[number] {
                unsafe posix_spawn_file_actions_adddup2(&actions, own, number)
            } else {
                unsafe posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
            }
        }
        for number in openDescriptors() where number > 2 {
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
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | (ownSession ? newSessionFlag : 0)
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))

        // `exec` keeps the process id; the shell is there for its `cd`.
        let command = ["/bin/sh", "-c", #"cd / && exec "$@""#, "sh"] + command
        var pid = pid_t()
        let failure = unsafe withCStrings(command) { arguments in
            unsafe withCStrings(environment.map { "\($0)=\($1)" }) { variables in
                unsafe posix_spawn(&pid, command[0], &actions, &attributes, arguments, variables)
            }
        }
        guard failure == 0 else { throw SystemCallError(command[0], number: failure) }
        return pid
    }

    /// What this process has open, even what it inherited and does not know of.
    ///
    /// A server that outlives its caller must not keep the caller's locks and pipes open.
    private static func openDescriptors() -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.isEmpty ? Array(3..<256) : names.compactMap { Int32($0) }
    }

    /// Waits for a child and takes its status.
    static func reap(_ pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while unsafe waitpid(pid, &status, 0) == -1 && errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }

    /// Reads two pipes to their ends, whichever has something, so that neither fills up.
    private static func readBoth(_ first: FileDescriptor, _ second: FileDescriptor) -> (String, String) {
        var texts: [[UInt8]] = [[], []]
        var polls = [first, second].map { pollfd(fd: $0.number, events: Int16(POLLIN), revents: 0) }
        while polls.contains(where: { $0.fd >= 0 }) {
            guard unsafe poll(&polls, nfds_t(polls.count), -1) >= 0 || errno == EINTR else { break }
            for index in polls.indices where polls[index].fd >= 0 && polls[index].revents != 0 {
                var buffer = [UInt8](repeating: 0, count: 65_536)
                let count = unsafe read(polls[index].fd, &buffer, buffer.count)
                if count > 0 { texts[index] += buffer[..<count] } else { polls[index].fd = -1 }
            }
        }
        return (String(decoding: texts[0], as: UTF8.self), String(decoding: texts[1], as: UTF8.self))
    }
}

/// `POSIX_SPAWN_SETSID`, which glibc's header shows to GNU sources only.
private let newSessionFlag: Int32 = 0x80

/// Lends strings as a NULL-terminated array of C strings.
private func withCStrings<Result>(
    _ strings: [String],
    _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers = unsafe strings.map { unsafe strdup($0) } + [nil]
    defer {
        for index in strings.indices { unsafe free(pointers[index]) }
    }
    return unsafe pointers.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("the array holds at least its terminator") }
        return unsafe body(base)
    }
}
