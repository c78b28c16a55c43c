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
    /// - Parameter path: The file.
    /// - Returns: Its text.
    /// - Throws: ``RepositoryError`` of class `notFound` or `permission`.
    public static func read(_ path: String) throws -> String {
        do { return try String(contentsOfFile: path, encoding: .utf8) } catch {
            let isMissing = !FileManager.default.fileExists(atPath: path)
            throw RepositoryError(
                code: isMissing ? "secret-file.missing" : "secret-file.unreadable",
                summary: isMissing ? "There is no file \(path)." : "The file \(path) cannot be read as text.",
                remedy: Remedy("Give the file that holds the key."),
                failureClass: isMissing ? .notFound : .permission
            )
        }
    }
}
