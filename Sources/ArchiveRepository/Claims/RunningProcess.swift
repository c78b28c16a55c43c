import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A process, named so that another one can tell later whether it is gone.
///
/// A process number means something only within one boot and one process namespace: two containers of a machine share
/// the boot and see different processes. And numbers are used again, so the moment of the start belongs to it.
public struct RunningProcess: Sendable, Hashable, Codable {
    /// The machine's name, for people.
    public let host: String
    /// The boot of the machine; `nil` where the system does not tell.
    let boot: String?
    /// The process namespace; `nil` where the system does not tell.
    let namespace: String?
    /// The number of the process.
    public let pid: Int32
    /// When it started, in ticks since the boot; `nil` where the system does not tell.
    let startTick: String?

    /// This process.
    public static func current() -> RunningProcess {
        let pid = ProcessInfo.processInfo.processIdentifier
        return RunningProcess(
            host: firstLine("/proc/sys/kernel/hostname") ?? ProcessInfo.processInfo.hostName,
            boot: firstLine("/proc/sys/kernel/random/boot_id"),
            namespace: try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid"),
            pid: pid,
            startTick: status(of: pid)?.startTick
        )
    }

    /// Whether another process is known to be gone: it ran here, and runs no more.
    ///
    /// A process of another machine, boot or container may be alive for all that can be seen from here.
    func knowsGone(_ other: RunningProcess) -> Bool {
        guard let boot, let namespace, other.boot == boot, other.namespace == namespace else { return false }
        guard kill(other.pid, 0) == 0 || errno != ESRCH else { return true }
        guard let status = Self.status(of: other.pid) else { return false }
        if status.hasEnded { return true }
        guard let then = other.startTick, let now = status.startTick else { return false }
        return then != now
    }

    /// What `/proc/<pid>/stat` says: fields behind the name, which may hold blanks and brackets.
    private static func status(of pid: Int32) -> (hasEnded: Bool, startTick: String?)? {
        guard let line = firstLine("/proc/\(pid)/stat"), let end = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: end)...].split(separator: " ")
        guard let state = fields.first else { return nil }
        return (["Z", "X"].contains(state), fields.count > 19 ? String(fields[19]) : nil)
    }

    private static func firstLine(_ path: String) -> String? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return text.split(whereSeparator: \.isNewline).first.map(String.init)
    }
}
