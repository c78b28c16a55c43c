/// A PostgreSQL version as the server counts it: `150018` is 15.18.
public struct ServerVersion: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// The number `server_version_num` shows.
    public let number: Int

    /// A version by its number.
    ///
    /// - Parameter number: The value of `server_version_num`, such as 150018.
    public init(number: Int) {
        self.number = number
    }

    /// The major version, such as 15.
    public var major: Int { number / 10_000 }
    /// The minor version, such as 18.
    public var minor: Int { number % 10_000 }
    /// The version as it is spoken: `15.18`.
    public var description: String { "\(major).\(minor)" }

    /// Orders versions by age.
    public static func < (lhs: ServerVersion, rhs: ServerVersion) -> Bool { lhs.number < rhs.number }
}
