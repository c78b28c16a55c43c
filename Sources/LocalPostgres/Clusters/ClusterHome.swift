import Foundation

/// Where a kept cluster's data lies: inside its folder, or, when the server's account cannot get there, elsewhere.
enum ClusterHome: Sendable {
    /// For root alone: a project below `/root` cannot be entered by the account the server runs as.
    static let fallbackParent = "/var/lib/wheels-db"

    /// Both places, whether they exist or not.
    static func all(of folder: String) -> [String] {
        [folder + "/cluster", "\(fallbackParent)/\(name(of: folder))"]
    }

    /// Makes an empty home that the account can work in.
    static func make(in folder: String, for account: ServerAccount) throws -> String {
        let inside = folder + "/cluster"
        do {
            try PrivateDirectory.make(inside, for: account)
            guard !account.canEnter(inside) else { return inside }
            try FileManager.default.removeItem(atPath: inside)
            guard account.isOther else { throw LocalServerError.notTraversable(folder, account: account.name) }
            try PrivateDirectory.make(fallbackParent, mode: 0o711)
            let outside = "\(fallbackParent)/\(name(of: folder))"
            try PrivateDirectory.make(outside, for: account)
            guard account.canEnter(outside) else {
                throw LocalServerError.notTraversable(outside, account: account.name)
            }
            return outside
        } catch let error as SystemCallError {
            throw LocalServerError.system("make a directory for the server of \(folder)", error)
        }
    }

    /// The socket's directory: a Unix socket's path may have 107 bytes, which a project's own path soon exceeds.
    static func socketDirectory(of folder: String, user: uid_t) -> String {
        "/tmp/wheels-db-\(user)-\(name(of: folder))"
    }

    /// A short name that stands for the folder's path (FNV-1a, 64 bits).
    static func name(of folder: String) -> String {
        let hash = TextFile.realPath(folder).utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
