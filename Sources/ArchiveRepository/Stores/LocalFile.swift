import Diagnostics
import Foundation
import SealedStreams

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The owner of one file descriptor: closed when it goes away, every call repeated after an interrupt.
struct LocalFile: ~Copyable, Sendable {
    let path: String
    private let descriptor: Int32

    /// Opens a file.
    ///
    /// The corresponding C function is `open`.
    init(_ path: String, _ flags: Int32, mode: mode_t = 0o600) throws(RepositoryError) {
        let descriptor = try Self.call("open", path) { unsafe open(path, flags | O_CLOEXEC, mode) }
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    func write(_ bytes: RawSpan) throws(RepositoryError) {
        var start = 0
        while start < bytes.byteCount {
            start += try Self.call("write", path) {
                let rest = bytes.extracting(droppingFirst: start)
                #if canImport(Darwin)
                    return unsafe rest.withUnsafeBytes { unsafe Darwin.write(descriptor, $0.baseAddress, $0.count) }
                #elseif canImport(Musl)
                    return unsafe rest.withUnsafeBytes { unsafe Musl.write(descriptor, $0.baseAddress, $0.count) }
                #else
                    return unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
                #endif
            }
        }
    }

    /// Reads at a place without moving any position.
    func read(
        at offset: Int,
        upTo maximum: Int,
        into buffer: inout ReusableBuffer
    ) throws(RepositoryError) -> Int {
        try unsafe buffer.appendUnsafely(upTo: maximum) { (room) throws(RepositoryError) in
            try Self.call("read", path) { unsafe pread(descriptor, room.baseAddress, room.count, off_t(offset)) }
        }
    }

    /// Waits until the content is on the disk.
    func synchronize() throws(RepositoryError) {
        _ = try Self.call("fsync", path) { fsync(descriptor) }
    }

    /// Takes the lock that says "somebody is still writing this"; `false` when another holds it.
    func tryLock() -> Bool {
        flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }

    /// Takes the lock where the file system has locks; `true` when another holds it.
    func isLockedByAnother() -> Bool {
        flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    var size: Int {
        get throws(RepositoryError) {
            var status = stat()
            _ = try Self.call("fstat", path) { unsafe fstat(descriptor, &status) }
            return Int(status.st_size)
        }
    }

    /// When it was written last, by the clock of its file system.
    var modified: Date {
        get throws(RepositoryError) {
            var status = stat()
            _ = try Self.call("fstat", path) { unsafe fstat(descriptor, &status) }
            return Self.modified(status)
        }
    }

    // MARK: Paths

    /// The status of a path; `nil` when there is nothing.
    static func status(_ path: String) throws(RepositoryError) -> stat? {
        var status = stat()
        let result = unsafe stat(path, &status)
        if result == 0 { return status }
        guard errno == ENOENT || errno == ENOTDIR else { throw failure("stat", path, errno) }
        return nil
    }

    static func isFolder(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFDIR }

    static func modified(_ status: stat) -> Date {
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        return Date(timeIntervalSince1970: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
    }

    static func isRegular(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFREG }

    /// Makes a folder and those above it durable, where they are missing.
    static func makeFolder(_ path: String) throws(RepositoryError) {
        if let status = try status(path) {
            guard isFolder(status) else { throw obstacle(path, wanted: "a folder") }
            return
        }
        let parent = parent(of: path)
        if parent != path { try makeFolder(parent) }
        if unsafe mkdir(path, 0o700) != 0 {
            guard errno == EEXIST else { throw failure("mkdir", path, errno) }
            guard try status(path).map({ isFolder($0) }) ?? false else { throw obstacle(path, wanted: "a folder") }
        }
        try synchronizeFolder(parent)
    }

    /// Removes a folder unless something is in it; one that stays for another reason harms nothing either.
    static func removeIfEmpty(_ folder: String) { _ = unsafe rmdir(folder) }

    /// A path without links and dots, as far as it exists.
    static func resolved(_ path: String) -> String {
        if let real = unsafe realpath(path, nil) {
            defer { unsafe free(real) }
            return unsafe String(cString: real)
        }
        let parent = parent(of: path)
        guard parent != path, parent != "." else { return path }
        let base = resolved(parent)
        let name = path[(path.lastIndex(of: "/") ?? path.startIndex)...].dropFirst()
        return name.isEmpty || name == "."
            ? base : name == ".." ? self.parent(of: base) : "\(base == "/" ? "" : base)/\(name)"
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Waits until the names in a folder are on the disk.
    static func synchronizeFolder(_ path: String) throws(RepositoryError) {
        try LocalFile(path, O_RDONLY | O_DIRECTORY).synchronize()
    }

    /// Gives a file a second name, unless that name is taken.
    ///
    /// The corresponding C function is `link`, which never replaces anything; `rename` would.
    ///
    /// - Returns: Whether the name was free.
    static func link(_ old: String, _ new: String) throws(RepositoryError) -> Bool {
        #if canImport(Darwin)
            let result = Darwin.link(old, new)
        #elseif canImport(Musl)
            let result = Musl.link(old, new)
        #else
            let result = unsafe Glibc.link(old, new)
        #endif
        if result == 0 { return true }
        guard errno == EEXIST else { throw failure("link", new, errno) }
        return false
    }

    /// Gives a file a second name that is on the disk when this returns; makes the folder of the name.
    ///
    /// - Returns: Whether the name was free.
    static func linkDurably(_ old: String, _ new: String) throws(RepositoryError) -> Bool {
        let folder = parent(of: new)
        while true {
            try makeFolder(folder)
            do throws(RepositoryError) {
                guard try link(old, new) else { return false }
                try synchronizeFolder(folder)
                return true
            } catch {
                // Somebody may have removed the folder with the last object in it: then it is made again.
                guard error.failureClass == .notFound, try status(old) != nil else { throw error }
            }
        }
    }

    /// Removes a file.
    ///
    /// - Returns: Whether it was there.
    @discardableResult
    static func remove(_ path: String) throws(RepositoryError) -> Bool {
        if unsafe unlink(path) == 0 { return true }
        guard errno == ENOENT || errno == ENOTDIR else { throw failure("unlink", path, errno) }
        return false
    }

    /// The names in a folder without `.` and `..`; `nil` when there is no such folder.
    static func names(in path: String) throws(RepositoryError) -> [String]? {
        guard let folder = unsafe opendir(path) else {
            guard errno == ENOENT || errno == ENOTDIR else { throw failure("opendir", path, errno) }
            return nil
        }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    // MARK: Errors

    private static func call<Number: SignedInteger>(
        _ function: String,
        _ path: String,
        _ body: () -> Number
    ) throws(RepositoryError) -> Number {
        while true {
            let result = body()
            if result != -1 { return result }
            if errno != EINTR { throw failure(function, path, errno) }
        }
    }

    static func failure(_ function: String, _ path: String, _ number: Int32) -> RepositoryError {
        let reason = unsafe String(cString: strerror(number))
        switch number {
        case ENOSPC, EDQUOT:
            return RepositoryError(
                code: "store.out-of-space",
                summary: "\(path) could not be written: \(reason). \(freeSpace(path))",
                remedy: Remedy(
                    "Free some space or move the repository to a larger disk; what is stored so far is good."),
                failureClass: .outOfSpace
            )
        case EACCES, EPERM, EROFS:
            return RepositoryError(
                code: "store.permission",
                summary: "\(path): \(function) failed: \(reason).",
                remedy: Remedy("Run as the user that owns the repository, or correct the owner of its folder."),
                failureClass: .permission
            )
        default:
            return RepositoryError(
                code: "store.\(function)",
                summary: "\(path): \(function) failed: \(reason).",
                failureClass: number == ENOENT ? .notFound : .failure
            )
        }
    }

    private static func freeSpace(_ path: String) -> String {
        var space = statvfs()
        guard unsafe statvfs(parent(of: path), &space) == 0 else { return "Its free space is not known." }
        let free = UInt64(space.f_bavail) * UInt64(space.f_frsize)
        return "\(free / 1024) KiB are free there."
    }
}
