public import PostgresTypes

/// A data type as the catalog describes it.
public struct TypeInfo: Sendable, Hashable {
    /// The number in `pg_type`.
    public let oid: OID
    /// The schema's name.
    public let schema: String
    /// The type's name, such as `_int4`.
    public let name: String
    /// `b` base, `c` composite, `d` domain, `e` enum, `p` pseudo, `r` range, `m` multirange.
    public let kind: Character
    /// The types it is made of: element, base, subtype, attributes.
    public let parts: [OID]
    /// The type below a domain.
    public let base: OID?
    /// It has binary input and output.
    public let isBinary: Bool
    /// Its binary form is its text: it is sent and shown by the functions of `text` itself, as `citext` is, or an enum.
    public let isSentAsText: Bool
    /// A digest of what decides the meaning of stored values: name, base, attributes, and what else of it can change.
    public let shape: String
    /// A code of each label of an enum with its number: one that is renamed has another, one that is new has one more.
    public let labels: [Int64]
}

/// The types of some tables' columns, with everything they are made of.
public struct TypeCatalog: Sendable {
    private let types: [OID: TypeInfo]

    /// A catalog of types.
    ///
    /// - Parameter types: The types, closed over their parts.
    public init(_ types: [TypeInfo]) {
        self.types = Dictionary(types.map { ($0.oid, $0) }) { first, _ in first }
    }

    /// The type of a number.
    public subscript(_ oid: OID) -> TypeInfo? { types[oid] }

    /// The type and all its parts.
    ///
    /// - Parameter oid: The type's number.
    /// - Returns: Each type once, the given one first.
    public func closure(of oid: OID) -> [TypeInfo] {
        var seen: Set<OID> = []
        var result: [TypeInfo] = []
        var waiting = [oid]
        while let next = waiting.popLast() {
            guard seen.insert(next).inserted, let type = types[next] else { continue }
            result.append(type)
            waiting += type.parts
        }
        return result
    }

    /// The type below all domains.
    ///
    /// - Parameter oid: The type's number.
    /// - Returns: The first type that is no domain.
    public func withoutDomains(_ oid: OID) -> TypeInfo? {
        var type = types[oid]
        while let domain = type, let base = domain.base { type = types[base] }
        return type
    }

    /// Whether a type holds numbers of catalog objects, which mean another object in another database.
    ///
    /// - Parameter oid: The type's number.
    /// - Returns: Whether a `reg…` type is among its parts.
    public func referencesCatalog(_ oid: OID) -> Bool {
        closure(of: oid).contains { $0.isCatalogReference }
    }

    /// Whether binary COPY carries values of a type unchanged from one database to another.
    ///
    /// - Parameter oid: The type's number.
    /// - Returns: `false` when a part has no binary form or refers to catalog objects by number.
    public func isBinaryPortable(_ oid: OID) -> Bool {
        let parts = closure(of: oid)
        return !parts.isEmpty && parts.allSatisfy { $0.isBinary && !$0.isCatalogReference }
    }

    /// Digests of what decides the meaning of values of a type: its own and those of everything it is made of.
    ///
    /// - Parameter oid: The type's number.
    /// - Returns: Number and digest of each type.
    public func shapes(of oid: OID) -> [String] {
        closure(of: oid).map { "\($0.oid):\($0.shape)" }.sorted()
    }

    /// Codes of the labels of all enums that a type is made of.
    ///
    /// - Parameter oid: The type's number.
    /// - Returns: The codes; as long as those of an earlier moment are among them, its values mean what they meant.
    public func labels(of oid: OID) -> [Int64] { closure(of: oid).flatMap(\.labels) }

    /// Whether values contain an enum, whose hash depends on the database.
    ///
    /// - Parameter oid: The type's number.
    /// - Returns: Whether an enum is among its parts.
    public func containsEnum(_ oid: OID) -> Bool {
        closure(of: oid).contains { $0.kind == "e" }
    }
}

extension TypeInfo {
    /// Types whose binary form is the number of a catalog object.
    static let catalogReferences: Set<String> = [
        "regclass", "regtype", "regproc", "regprocedure", "regnamespace", "regcollation", "regoper", "regoperator",
        "regconfig", "regdictionary", "regrole",
    ]

    /// Whether the binary form is the number of a catalog object.
    public var isCatalogReference: Bool { schema == "pg_catalog" && Self.catalogReferences.contains(name) }
}
