import Diagnostics

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension LocalFile {
    /// What stands at a path that is no file: a folder, a named pipe, a link to nothing; `nil` for a file, or nothing.
    static func obstacle(at path: String) -> String? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        if status.st_mode & S_IFMT == S_IFLNK {
            guard unsafe stat(path, &status) == 0 else { return "a link to nothing" }
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return nil
        case S_IFDIR: return "a folder"
        case S_IFIFO: return "a named pipe"
        case S_IFSOCK: return "a socket"
        default: return "a device"
        }
    }

    /// The command that takes away what stands at a path.
    static func removal(of path: String) -> String {
        let quoted = "'\(path.replacing("'", with: "'\\''"))'"
        var status = stat()
        let isFolder = unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        return "rm \(isFolder ? "-r " : "")\(quoted)"
    }

    /// Something stands where a file or a folder of a repository belongs.
    static func obstacle(_ path: String, wanted: String) -> RepositoryError {
        RepositoryError(
            code: "store.obstacle",
            summary: "\(path) is \(obstacle(at: path) ?? "a file"), where \(wanted) of the repository belongs.",
            remedy: Remedy("Nothing of wheels-db has put it there. Take it away:", command: removal(of: path)),
            failureClass: .refused
        )
    }
}
