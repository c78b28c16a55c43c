import Diagnostics
import Foundation

/// The manifest, and what stands in its place after a run that ended early, as JSON.
enum ManifestCoding {
    /// ISO 8601 with milliseconds: two backups may begin in one second.
    private static let dates = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    static func encode(_ document: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(date.formatted(dates))
        }
        return try encoder.encode(document)
    }

    static func decode<Document: Decodable>(_ bytes: [UInt8], name: String) throws -> Document {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            try Date(try decoder.singleValueContainer().decode(String.self), strategy: dates)
        }
        do {
            return try decoder.decode(Document.self, from: Data(bytes))
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
