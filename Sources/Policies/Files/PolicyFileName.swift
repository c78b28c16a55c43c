/// The relation that a file's name stands for: `trips.sql` is `public.trips`, `storage.objects.sql` is `storage.objects`.
enum PolicyFileName {
    /// The relation; `nil` when the name stands for none.
    static func relation(_ fileName: String) -> RelationName? {
        guard fileName.hasSuffix(".sql") else { return nil }
        let parts = fileName.dropLast(4).split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        switch parts.count {
        case 1: return RelationName(schema: "public", name: parts[0])
        case 2: return RelationName(schema: parts[0], name: parts[1])
        default: return nil
        }
    }

    /// The name of a relation's file.
    static func file(of relation: RelationName) -> String {
        relation.schema == "public" ? "\(relation.name).sql" : "\(relation.schema).\(relation.name).sql"
    }
}
