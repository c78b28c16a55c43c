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

    /// The entries taken apart.
    public var grants: [AccessGrant] { entries.compactMap { AccessGrant($0) } }

    /// The names of the roles that appear as grantee or grantor, `PUBLIC` left out.
    public var roles: Set<String> { Set(grants.flatMap { [$0.grantee, $0.grantor] }).subtracting([""]) }
}

/// One entry of an access list: `grantee=privileges/grantor`.
public struct AccessGrant: Sendable, Hashable {
    /// Who may; empty for `PUBLIC`.
    public let grantee: String
    /// Letters, each followed by `*` where the grantee may hand it on.
    public let privileges: String
    /// Who gave it.
    public let grantor: String

    /// An entry as the server prints it.
    ///
    /// - Parameter entry: The text; anything else is `nil`.
    public init?(_ entry: String) {
        var rest = entry.unicodeScalars[...]
        grantee = Self.takeName(&rest)
        guard rest.popFirst() == "=", let slash = rest.firstIndex(of: "/") else { return nil }
        privileges = String(rest[..<slash])
        rest = rest[slash...].dropFirst()
        grantor = Self.takeName(&rest)
        guard rest.isEmpty else { return nil }
    }

    /// The name at the beginning; one with more than letters, digits and `_` stands in quotes, its own quotes doubled.
    private static func takeName(_ rest: inout String.UnicodeScalarView.SubSequence) -> String {
        guard rest.first == "\"" else {
            let name = rest.prefix { $0 != "=" && $0 != "/" }
            rest = rest[name.endIndex...]
            return String(name)
        }
        var name = String.UnicodeScalarView()
        rest = rest.dropFirst()
        while let scalar = rest.popFirst() {
            if scalar == "\"" {
                guard rest.first == "\"" else { break }
                rest = rest.dropFirst()
            }
            name.append(scalar)
        }
        return String(name)
    }
}
