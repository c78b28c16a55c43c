/// Who may do what with one object: its ACL, with the built-in default in place of none.
public struct AccessList: Sendable, Hashable, Codable {
    /// What the object is: `table`, `view`, `sequence`, `column`, `function`, `type`, `schema`, `large object`,
    /// `default privileges`.
    public let kind: String
    /// The schema; empty for objects that stand in none.
    public let schema: String
    /// The object's identity within its schema, as SQL writes it.
    public let identity: String
    /// The owner.
    public let owner: String
    /// The entries as the server prints them, such as `anon=r/postgres`, sorted.
    public let entries: [String]

    /// What the object is called: kind and identity.
    public var objectName: String { "\(kind) \(identity)" }

    /// The names of the roles that appear as grantee or grantor, `PUBLIC` left out.
    public var roles: Set<String> {
        Set(
            entries.flatMap { entry -> [String] in
                guard let equals = entry.lastIndex(of: "="), let slash = entry.lastIndex(of: "/") else { return [] }
                return [String(entry[..<equals]), String(entry[entry.index(after: slash)...])]
            }
            .map { $0.hasPrefix("\"") ? String($0.dropFirst().dropLast()).replacing("\"\"", with: "\"") : $0 }
            .filter { !$0.isEmpty }
        )
    }
}
