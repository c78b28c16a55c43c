import Foundation
import OffPool

/// The directories of one throwaway cluster, and the lock that tells whether its owner lives.
struct ThrowawayFolder: Sendable {
    let path: String
    let socketDirectory: String
    let ownership: FileLock

    var home: String { path + "/cluster" }

    private static let prefix = "wheels-db-throwaway-"
    private static let lockName = "/owner.lock"
    private static let socketName = "/socket"

    /// Makes the directories: the outer one is the owner's, the inner ones are the server account's.
    static func make(in parent: String, for account: ServerAccount) throws -> ThrowawayFolder {
        let path: String
        do {
            path = try PrivateDirectory.makeTemporary("\(parent)/\(prefix)")
        } catch {
            throw LocalServerError.system("make a temporary directory in \(parent)", error)
        }
        do {
            guard let ownership = try FileLock.attempt(path + lockName) else {
                throw LocalServerError.locked(path)
            }
            if account.isOther { try PrivateDirectory.make(path, mode: 0o711) }
            guard account.canEnter(path) else { throw LocalServerError.notTraversable(path, account: account.name) }
            // A socket's path may have 107 bytes, the data's parent may be deep: the socket lives in /tmp.
            let socket = try PrivateDirectory.makeTemporary("/tmp/wheels-db-socket-")
            try TextFile.write(socket, to: path + socketName, mode: 0o600)
            let folder = ThrowawayFolder(path: path, socketDirectory: socket, ownership: ownership)
            try PrivateDirectory.make(folder.home, for: account)
            try PrivateDirectory.make(socket, for: account)
            return folder
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
    }

    /// Deletes the directories; what is gone already is fine.
    func remove() {
        try? FileManager.default.removeItem(atPath: path)
        try? FileManager.default.removeItem(atPath: socketDirectory)
    }

    /// Removes what owners left behind whose supervising process was killed too.
    ///
    /// An owner holds the lock of its folder for as long as it lives. Only this user's folders are looked at, and only
    /// those older than a minute, so that one that is being made is left alone.
    static func sweep(_ parent: String) async {
        let leftovers = await offPool { abandoned(in: parent) }
        for path in leftovers {
            try? await Postmaster.stop(in: path + "/cluster/data", signal: SIGQUIT, within: .seconds(10))
            if let socket = TextFile.read(path + socketName), socket.hasPrefix("/tmp/wheels-db-socket-") {
                try? FileManager.default.removeItem(atPath: socket)
            }
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    private static func abandoned(in parent: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        return names.filter { $0.hasPrefix(prefix) }.map { "\(parent)/\($0)" }.filter { path in
            var status = stat()
            guard
                unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid(),
                status.st_mtim.tv_sec < time(nil) - 60
            else { return false }
            return (try? FileLock.attempt(path + lockName)).flatMap { $0 } != nil
        }
    }
}
