import Foundation
import Glibc

/// Tells whose connection to the loopback address another end is.
///
/// A relay to a server stands before the server's own door: where `peer` or `trust` lets this user in, whoever comes
/// through the relay would be let in as this user. So only the child that it was opened for may.
enum RelayPeer: Sendable {
    /// Whether the system tells who owns a connection; without it there is no relay.
    static var canTell: Bool { FileManager.default.isReadableFile(atPath: table) }

    /// Whether a connection from a port of 127.0.0.1 to another is a process's own, or of one that it started.
    ///
    /// - Parameters:
    ///   - port: The port it comes from.
    ///   - listener: The port it came to.
    ///   - process: The process.
    /// - Returns: `false` also when the system does not tell.
    static func isConnection(from port: UInt16, to listener: UInt16, of process: Int32) -> Bool {
        // The table comes in parts, and while others come and go between two of them a line may be missed.
        for _ in 0..<20 {
            guard let owner = owner(from: port, to: listener, in: text(of: table)) else {
                usleep(1_000)
                continue
            }
            return owner.user == getuid() && family(of: process).contains { holds(socket: owner.inode, process: $0) }
        }
        return false
    }

    private static let table = "/proc/self/net/tcp"

    /// The user and the inode of a socket, from the kernel's table: `sl local remote state queues timer retransmits uid
    /// timeout inode …`, addresses as hexadecimal numbers in the machine's byte order.
    static func owner(from port: UInt16, to listener: UInt16, in table: String) -> (user: UInt32, inode: String)? {
        let here = String(UInt32(0x7f00_0001).bigEndian, radix: 16, uppercase: true)
        func place(_ port: UInt16) -> String {
            "\(padded(here, 8)):\(padded(String(port, radix: 16, uppercase: true), 4))"
        }
        let (local, remote) = (place(port), place(listener))
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            if fields.count > 9, fields[1] == local, fields[2] == remote, let user = UInt32(fields[7]) {
                return (user, String(fields[9]))
            }
        }
        return nil
    }

    private static func padded(_ text: String, _ count: Int) -> String {
        String(repeating: "0", count: max(0, count - text.count)) + text
    }

    /// A process and those that it started, as a wrapper around a program does.
    private static func family(of process: Int32) -> [Int32] {
        var all = [process]
        var place = 0
        while place < all.count, all.count < 64 {
            let children = text(of: "/proc/\(all[place])/task/\(all[place])/children")
            all += children.split(separator: " ").compactMap { Int32($0) }
            place += 1
        }
        return all
    }

    /// A file of `/proc`, which has no length and comes in many parts: Foundation takes the first for the whole.
    private static func text(of path: String) -> String {
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return "" }
        defer { _ = close(number) }
        var text: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = unsafe part.withUnsafeMutableBytes { unsafe read(number, $0.baseAddress, $0.count) }
            guard count > 0 else { return String(decoding: text, as: UTF8.self) }
            text += part.prefix(count)
        }
    }

    private static func holds(socket inode: String, process: Int32) -> Bool {
        let folder = "/proc/\(process)/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.contains { name in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")) == "socket:[\(inode)]"
        }
    }
}
