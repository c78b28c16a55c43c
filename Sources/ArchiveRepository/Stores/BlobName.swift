/// The name of an object in a store: parts of letters, digits, `.`, `-` and `_`, separated by `/`.
///
/// No part begins with a dot, so a name never leaves its folder and never meets a temporary file.
public struct BlobName: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The name as text.
    public let description: String

    /// A name from text.
    ///
    /// - Parameter text: The text; `nil` comes back when it is no name.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard text.utf8.count <= 512, parts.allSatisfy(Self.isPart) else { return nil }
        description = text
    }

    /// Orders names by their bytes.
    public static func < (left: BlobName, right: BlobName) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }

    private static func isPart(_ part: Substring.UTF8View) -> Bool {
        guard let first = part.first, first != UInt8(ascii: ".") else { return false }
        return part.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}

extension BlobName: ExpressibleByStringLiteral {
    /// A name that stands in the source; a wrong one is a programmer's mistake and traps.
    ///
    /// - Parameter text: The name.
    public init(stringLiteral text: String) {
        guard let name = BlobName(text) else { preconditionFailure("\"\(text)\" cannot name an object") }
        self = name
    }
}

extension BlobName: Codable {
    /// Reads the text.
    ///
    /// - Parameter decoder: Holds one string.
    /// - Throws: `DecodingError` when it is no name.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let name = BlobName(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "This cannot name an object")
        }
        self = name
    }

    /// Writes the text.
    ///
    /// - Parameter encoder: Gets one string.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
