import Foundation

/// Directories that only one user may enter, or only pass through.
enum PrivateDirectory: Sendable {
    /// Makes a directory, or takes one that is there, with exactly this mode.
    static func make(_ path: String, mode: mode_t) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try SystemCallError.check("chmod \(path)", unsafe chmod(path, mode))
    }

    /// Makes a directory for the server's account alone.
    static func make(_ path: String, for account: ServerAccount) throws(SystemCallError) {
        if unsafe mkdir(path, 0o700) == -1 && errno != EEXIST { throw SystemCallError("mkdir \(path)") }
        try SystemCallError.check("chmod \(path)", unsafe chmod(path, 0o700))
        if account.isOther {
            try SystemCallError.check("chown \(path)", unsafe lchown(path, account.user, account.group))
        }
    }

    /// Makes a new directory with a random name.
    static func makeTemporary(_ prefix: String) throws(SystemCallError) -> String {
        var template = Array((prefix + "XXXXXX").utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw SystemCallError("mkdtemp \(prefix)XXXXXX") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Makes the directory of a kept cluster's socket under a name that is known beforehand.
    ///
    /// `/tmp` is open to everybody: a directory or link that somebody else put there is refused.
    static func makeSocketDirectory(_ path: String, for account: ServerAccount) throws {
        if unsafe mkdir(path, 0o700) == 0 {
            if account.isOther {
                try SystemCallError.check("chown \(path)", unsafe lchown(path, account.user, account.group))
            }
            return
        }
        guard errno == EEXIST else { throw SystemCallError("mkdir \(path)") }
        var status = stat()
        try SystemCallError.check("lstat \(path)", unsafe lstat(path, &status))
        guard
            status.st_mode & S_IFMT == S_IFDIR, status.st_uid == account.user, status.st_mode & 0o077 == 0
        else { throw LocalServerError.socketDirectory(path) }
    }

    /// Bytes of all files below a directory, as far as they can be read.
    static func size(of path: String) -> Int {
        let keys: Set<URLResourceKey> = [.isRegularFileKey, .fileSizeKey]
        let files = FileManager.default.enumerator(
            at: URL(fileURLWithPath: path),
            includingPropertiesForKeys: Array(keys)
        )
        return files?.reduce(0) { sum, entry in
            guard
                let values = try? (entry as? URL)?.resourceValues(forKeys: keys), values.isRegularFile == true
            else { return sum }
            return sum + (values.fileSize ?? 0)
        } ?? 0
    }
}
