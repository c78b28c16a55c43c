public import Foundation
import SealedStreams

/// The name of a backup: its time in UTC and some random characters, such as `20261123T021500Z-7f3a12`.
public struct BackupID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The name.
    public let description: String

    /// A name from its text.
    ///
    /// - Parameter text: The name as ``description`` shows it; anything else is `nil`.
    public init?(_ text: String) {
        guard text.wholeMatch(of: #/\d{8}T\d{6}Z-[0-9a-f]{6}/#) != nil else { return nil }
        description = text
    }

    /// A new name.
    ///
    /// - Parameter now: When the run begins.
    /// - Throws: `SealedStreamError` when there is no randomness to be had.
    public init(now: Date) throws {
        let style = Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted)
        description = "\(now.formatted(style))-\(Hexadecimal.text(try RandomBytes.bytes(count: 3)))"
    }

    /// The second in which the run began, as the name shows it.
    public var second: Substring { description.prefix { $0 != "-" } }

    /// The moment in which the run began, by the store's clock; `nil` when the digits are no moment.
    public var time: Date? {
        try? Date(String(second), strategy: Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted))
    }

    /// Orders names by time.
    public static func < (left: BackupID, right: BackupID) -> Bool { left.description < right.description }
}

extension BackupID: Codable {
    /// Reads the name.
    ///
    /// - Parameter decoder: Holds one string.
    /// - Throws: `DecodingError` when it is no name of a backup.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = BackupID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "This is no name of a backup")
        }
        self = id
    }

    /// Writes the name.
    ///
    /// - Parameter encoder: Gets one string.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
