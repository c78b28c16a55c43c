import Diagnostics
import Foundation
import SealedStreams

/// What a repository says of itself, readable by everyone: `wheels-db-repository.json`.
public struct RepositoryConfig: Sendable, Hashable, Codable {
    static let name: BlobName = "wheels-db-repository.json"
    static let newestFormat = 1

    /// What the finder of a lost repository should know.
    public let about: String
    /// The version of the format.
    public let format: Int
    /// A name of its own, by which machines remember where its keys are.
    public let id: String
    /// When it was made, in UTC.
    public let created: String
    /// Tells whether the other fields are those that were written; missing where an early version wrote them.
    public let check: String?

    init(id: String, created: Date) {
        about =
            "Encrypted database backups made by wheels-db. docs/ARCHIVE-FORMAT.md of that program says how to read them."
        format = Self.newestFormat
        self.id = id
        self.created = created.formatted(.iso8601)
        check = Self.check(about: about, created: self.created, format: format, id: id)
    }

    /// The check of some fields: the beginning of a digest of their lines.
    private static func check(about: String, created: String, format: Int, id: String) -> String? {
        let digest = try? SHA256.digest(Array("\(about)\n\(created)\n\(format)\n\(id)\n".utf8))
        return digest.map { Hexadecimal.text($0.bytes.prefix(8)) }
    }

    private var isAsWritten: Bool {
        check == nil || check == Self.check(about: about, created: created, format: format, id: id)
    }

    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }

    static func decode(_ bytes: [UInt8], location: String) throws -> RepositoryConfig {
        struct Format: Decodable { let format: Int }
        let config = try? JSONDecoder().decode(RepositoryConfig.self, from: Data(bytes))
        guard config?.isAsWritten ?? true else {
            throw RepositoryError.corrupt("\(location)/\(name)", "was changed: its check does not fit")
        }
        if let found = try? JSONDecoder().decode(Format.self, from: Data(bytes)), found.format >= 0,
            found.format != newestFormat
        {
            let isNewer = found.format > newestFormat
            throw RepositoryError(
                code: isNewer ? "repository.newer-format" : "repository.provisional-format",
                summary: "The repository \(location) has format \(found.format); this version knows \(newestFormat).",
                remedy: Remedy(
                    isNewer ? "Use a newer wheels-db." : "Format 0 was provisional: begin a new repository elsewhere."),
                failureClass: .unsupportedVersion
            )
        }
        guard let config else {
            throw RepositoryError.corrupt("\(location)/\(name)", "is no description of a repository")
        }
        return config
    }

    /// The name in what is left of a damaged description.
    static func id(within bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.firstMatch(of: #/"id"\s*:\s*"([0-9a-f]{16})"/#).map { String($0.output.1) }
    }
}
