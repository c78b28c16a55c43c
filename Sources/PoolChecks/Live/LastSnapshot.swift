import FoundationEssentials

/// The last snapshot of a server, kept in a file: what can still be said when nobody is let in.
public struct LastSnapshot: Sendable, Hashable {
    /// The file.
    public let path: String

    /// The file of a server in a folder.
    ///
    /// - Parameters:
    ///   - host: The server's host; `nil` for a local socket.
    ///   - port: The server's port.
    ///   - folder: The folder of such files.
    public init(host: String?, port: Int, in folder: String) {
        let name = "\(host ?? "local")_\(port)".map {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "_"
        }
        path = "\(folder)/\(String(name).suffix(120)).json"
    }

    /// Keeps a snapshot, without the text of statements, in a folder that only this user can enter; a reader sees the
    /// old file or the new one.
    ///
    /// - Parameter snapshot: The snapshot.
    /// - Throws: What the file system says.
    public func write(_ snapshot: ConnectionSnapshot) throws {
        var kept = snapshot
        for index in kept.sessions.indices { kept.sessions[index].query = nil }
        let folder = String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.endIndex))
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try JSONEncoder().encode(kept).write(to: URL(filePath: path), options: .atomic)
    }

    /// The snapshot, or `nil` where none is kept or the file is none of this version.
    ///
    /// - Returns: The snapshot.
    public func read() -> ConnectionSnapshot? {
        FileManager.default.contents(atPath: path).flatMap {
            try? JSONDecoder().decode(ConnectionSnapshot.self, from: $0)
        }
    }
}
