import Diagnostics
import Foundation
import Glibc

/// Files that hold a secret: readable by their owner alone, and never overwritten.
public enum SecretFile: Sendable {
    /// Writes a new file.
    ///
    /// - Parameters:
    ///   - text: The secret.
    ///   - path: Where; the folder must be there.
    /// - Throws: ``RepositoryError`` of class `refused` when the file exists, `permission` or `outOfSpace` when it cannot
    ///   be written.
    public static func write(_ text: String, to path: String) throws {
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            let reason = errno
            throw RepositoryError(
                code: reason == EEXIST ? "secret-file.exists" : "secret-file.cannot-create",
                summary: reason == EEXIST
                    ? "\(path) exists already, and a key is never overwritten."
                    : "Cannot create \(path): \(unsafe String(cString: strerror(reason))).",
                remedy: Remedy("Give another file name."),
                failureClass: reason == EEXIST ? .refused : reason == EACCES ? .permission : .failure
            )
        }
        defer { close(file) }
        let bytes = Array((text.hasSuffix("\n") ? text : text + "\n").utf8)
        let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
        guard written == bytes.count, fsync(file) == 0 else {
            let reason = errno
            unsafe unlink(path)
            throw RepositoryError(
                code: "secret-file.cannot-write",
                summary: "Cannot write \(path): \(unsafe String(cString: strerror(reason))).",
                failureClass: reason == ENOSPC || written >= 0 ? .outOfSpace : .failure
            )
        }
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: The file; a pipe does as well, once.
    ///   - expected: What should be in it, for messages.
    /// - Returns: Its text.
    /// - Throws: ``RepositoryError`` of class `notFound` or `permission` when it cannot be read, `wrongKey` when it is no
    ///   text or too long for a key.
    public static func read(_ path: String, expecting expected: String = "the key") throws -> String {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw unreadable(path, errno, expected) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe piece.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path, errno, expected) }
            guard count > 0 else { break }
            bytes += piece.prefix(count)
            guard bytes.count <= limit else { throw noText(path, "is longer than a key can be", expected) }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw noText(path, "is no text", expected) }
        return text
    }

    private static let limit = 64 << 20

    private static func noText(_ path: String, _ reason: String, _ expected: String) -> RepositoryError {
        RepositoryError(
            code: "secret-file.no-text",
            summary: "\(path) \(reason); it should hold \(expected).",
            remedy: Remedy("Give the file that holds it."),
            failureClass: .wrongKey
        )
    }

    private static func unreadable(_ path: String, _ reason: Int32, _ expected: String) -> RepositoryError {
        let isMissing = reason == ENOENT || reason == ENOTDIR
        return RepositoryError(
            code: isMissing ? "secret-file.missing" : "secret-file.unreadable",
            summary: isMissing
                ? "There is no file \(path)." : "\(path) cannot be read: \(unsafe String(cString: strerror(reason))).",
            remedy: Remedy("Give the file that holds \(expected)."),
            failureClass: isMissing ? .notFound : .permission
        )
    }
}
