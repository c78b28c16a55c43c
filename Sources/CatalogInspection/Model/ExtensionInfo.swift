/// An installed extension.
public struct ExtensionInfo: Sendable, Hashable, Codable {
    /// The extension's name.
    public let name: String
    /// The schema of its objects.
    public let schema: String
    /// The installed version.
    public let version: String
    /// The owner.
    public let owner: String
    /// The tables and sequences in which it keeps what its user has entered; their rows are data of the backup.
    public let configuration: [ExtensionConfiguration]
}

/// A table or sequence that an extension has declared as its configuration (`pg_extension.extconfig`).
public struct ExtensionConfiguration: Sendable, Hashable, Codable {
    /// What it is.
    public enum Kind: String, Sendable, Hashable, Codable {
        /// A table.
        case table
        /// A sequence.
        case sequence
    }

    /// The schema's name.
    public let schema: String
    /// The relation's name.
    public let name: String
    /// What it is.
    public let kind: Kind
    /// Which rows are the user's, as SQL after WHERE; the others come with the extension.
    ///
    /// `nil` for all.
    public let condition: String?

    /// Schema and name as people write them.
    public var displayName: String { "\(schema).\(name)" }
}
