import Diagnostics
import Foundation
public import SealedStreams

/// Who can open what a repository holds.
public enum RepositoryProtection: Sendable {
    /// The holders of these recipients' identities.
    case recipients([AgeRecipient])
    /// Everyone who knows the passphrase.
    case passphrase(Passphrase)
}

/// What a repository says of itself, readable by everyone: `wheels-db-repository.json`.
public struct RepositoryConfig: Sendable, Hashable, Codable {
    static let name: BlobName = "wheels-db-repository.json"
    static let newestFormat = 0

    /// The version of the format; 0 is provisional.
    public let format: Int
    /// A name of its own, by which machines remember where its keys are.
    public let id: String
    /// When it was made, in UTC.
    public let created: String
    /// The recipients as `age1…`; none in a repository with a passphrase.
    public let recipients: [String]

    /// Whether a passphrase, and no identity, opens it.
    public var usesPassphrase: Bool { recipients.isEmpty }

    var ageRecipients: [AgeRecipient] { get throws { try recipients.map { try AgeRecipient($0) } } }

    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }

    static func decode(_ bytes: [UInt8], location: String) throws -> RepositoryConfig {
        struct Format: Decodable { let format: Int }
        if let found = try? JSONDecoder().decode(Format.self, from: Data(bytes)), found.format > newestFormat {
            throw RepositoryError(
                code: "repository.newer-format",
                summary: "The repository \(location) has format \(found.format); this version knows \(newestFormat).",
                remedy: Remedy("Use a newer wheels-db."),
                failureClass: .unsupportedVersion
            )
        }
        do { return try JSONDecoder().decode(RepositoryConfig.self, from: Data(bytes)) } catch {
            throw RepositoryError.corrupt("\(location)/\(name)", "is no description of a repository")
        }
    }
}
