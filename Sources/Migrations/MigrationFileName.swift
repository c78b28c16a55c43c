/// The name of a migration's file: `<14 digits>_<name>.sql`.
///
/// Versions are ordered as text, as the Supabase CLI orders them.
public struct MigrationFileName: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The digits, such as `20260101120000`.
    public let version: String
    /// What stands between the version and `.sql`.
    public let name: String

    /// Reads a file's name, or fails when it is of another form.
    ///
    /// Any number of digits is accepted, as the Supabase CLI does.
    ///
    /// - Parameter fileName: The name without a folder.
    public init?(_ fileName: String) {
        guard fileName.hasSuffix(".sql"), let underscore = fileName.firstIndex(of: "_") else { return nil }
        let digits = fileName[..<underscore]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        version = String(digits)
        name = String(fileName[fileName.index(after: underscore)...].dropLast(4))
    }

    /// A name by its parts.
    ///
    /// - Parameters:
    ///   - version: The digits.
    ///   - name: What comes after the underscore.
    public init(version: String, name: String) {
        self.version = version
        self.name = name
    }

    /// Whether the version is a timestamp of 14 digits.
    public var isTimestamp: Bool { version.utf8.count == 14 }
    /// The file's name.
    public var description: String { "\(version)_\(name).sql" }

    /// Orders by version as text.
    public static func < (lhs: MigrationFileName, rhs: MigrationFileName) -> Bool {
        (lhs.version, lhs.name) < (rhs.version, rhs.name)
    }
}
