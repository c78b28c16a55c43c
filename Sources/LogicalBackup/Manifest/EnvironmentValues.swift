public import ArchiveRepository
import Diagnostics
import Foundation

/// The values of environment variables in a backup: their names in the open, their values for the holders alone.
public struct SealedEnvironment: Sendable, Hashable, Codable {
    /// The names, in order.
    public let names: [String]
    /// An age file for the archive recipient, which holds JSON: the backup's name, and values by name.
    let sealed: Data

    private struct Content: Codable {
        /// The backup, so that the values of one cannot stand in another.
        let backup: String
        let values: [String: String]
    }

    /// Seals values.
    ///
    /// - Parameters:
    ///   - values: The values by name.
    ///   - backup: The backup.
    ///   - writer: Whose holders can open them.
    /// - Throws: `SealedStreamError` when libcrypto fails.
    init(_ values: [String: String], of backup: BackupID, by writer: WriterAccess) throws {
        names = values.keys.sorted()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let content = Content(backup: backup.description, values: values)
        sealed = Data(try writer.sealForHolders(Array(try encoder.encode(content))))
    }

    /// Opens the values.
    ///
    /// - Parameters:
    ///   - backup: The backup that they are in.
    ///   - reader: The right to read rows.
    /// - Returns: The values by name.
    /// - Throws: `RepositoryError`: wrong key when another holder's keys are needed, corrupt when they are damaged or of
    ///   another backup.
    public func open(of backup: String, by reader: ReaderAccess) throws -> [String: String] {
        let name = "The environment's values in backup \(backup)"
        let bytes = try reader.openForHolders(Array(sealed), name: name)
        guard let content = try? JSONDecoder().decode(Content.self, from: Data(bytes)), content.backup == backup,
            content.values.keys.sorted() == names
        else {
            throw BackupError(
                code: "backup.environment-damaged", summary: "\(name) are damaged, or of another backup.",
                remedy: Remedy("Take those of another backup:", command: "wheels-db backup list"),
                failureClass: .corrupt)
        }
        return content.values
    }
}
