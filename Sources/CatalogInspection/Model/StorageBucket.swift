/// A bucket of Supabase Storage: the rows about its files are in the database, the files are not.
public struct StorageBucket: Sendable, Hashable, Codable {
    /// The bucket's id.
    public let id: String
    /// The bucket's name.
    public let name: String
    /// Everyone with the URL reads its files.
    public let isPublic: Bool
    /// How many files it holds.
    public let objects: Int
    /// Their size, as far as their rows say.
    public let bytes: Int
    /// How many rows say no size.
    public let objectsOfUnknownSize: Int
}
