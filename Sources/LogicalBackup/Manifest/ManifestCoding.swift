import Diagnostics
import Foundation

/// The manifest as JSON.
enum ManifestCoding {
    static func encode(_ manifest: BackupManifest) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return try encoder.encode(manifest)
    }

    static func decode(_ bytes: [UInt8], name: String) throws -> BackupManifest {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        do {
            return try decoder.decode(BackupManifest.self, from: Data(bytes))
        } catch {
            throw BackupError(
                code: "manifest.unreadable",
                summary: "The manifest of backup \(name) opens with the key and is no manifest this version can read.",
                remedy: Remedy("It was written by another version of wheels-db; use that one."),
                failureClass: .unsupportedVersion
            )
        }
    }
}
