import Glibc

/// Small files of a cluster: read whole, written so that a reader sees the old or the new text, never half of it.
enum TextFile: Sendable {
    /// The file's text; `nil` when it cannot be read.
    static func read(_ path: String) -> String? {
        guard let file = unsafe fopen(path, "re") else { return nil }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = unsafe fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes a file under a temporary name, makes it durable, and moves it into place.
    static func write(_ text: String, to path: String, mode: mode_t, owner: ServerAccount? = nil)
        throws(SystemCallError)
    {
        let temporary = path + ".new"
        _ = unsafe unlink(temporary)
        let number = try SystemCallError.check(
            "open \(temporary)",
            unsafe open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode)
        )
        let descriptor = FileDescriptor(owning: number)
        defer { descriptor.close() }
        try SystemCallError.check("chmod \(temporary)", fchmod(number, mode))
        if let owner, owner.isOther {
            try SystemCallError.check("chown \(temporary)", fchown(number, owner.user, owner.group))
        }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, $0.count) }
            guard count >= 0 else { throw SystemCallError("write \(temporary)") }
            bytes = bytes.dropFirst(count)
        }
        try SystemCallError.check("fsync \(temporary)", fsync(number))
        try SystemCallError.check("rename \(temporary)", unsafe rename(temporary, path))
    }

    /// What a symbolic link says; `nil` when it is none.
    static func linkTarget(_ path: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return -1 }
            return unsafe readlink(path, base.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }

    /// The path without links; the path itself when it does not exist.
    static func realPath(_ path: String) -> String {
        guard let resolved = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}
