import CatalogInspection

/// Decides for each entry of the archive in which phase it is run, or why it is not.
struct EntrySorter {
    /// Where an entry goes.
    enum Place: Hashable {
        /// Before the rows.
        case preData
        /// After the rows: what checks and finds them.
        case indexes
        /// After the indexes: what refers to other tables or reacts to changes.
        case postData
        /// Last: who may do what.
        case access
        /// The target has it, or it is not ours to make.
        case keep(String)
        /// It is no object.
        case nothing
    }

    let manifest: BackupManifest
    let target: TargetState
    let managed: Set<String>
    /// Extensions that the target cannot have.
    var extensionsLeftOut: Set<String> = []

    func place(of entry: ArchiveEntry) -> Place {
        if let schema = entry.schema, managed.contains(schema) { return placeInManaged(entry) }
        let tag = entry.tag
        switch entry.kind {
        case "TABLE DATA", "SEQUENCE SET", "MATERIALIZED VIEW DATA", "BLOB", "BLOB METADATA", "LARGE OBJECT",
            "ENCODING", "STDSTRINGS", "SEARCHPATH", "DATABASE", "DATABASE PROPERTIES":
            return .nothing
        case "SCHEMA":
            if managed.contains(tag) { return .keep("managed by Supabase") }
            return target.schemas.contains(tag) ? .keep("exists") : .preData
        case "EXTENSION":
            if extensionsLeftOut.contains(tag) { return .keep("not on this server") }
            return target.extensions.contains(tag) ? .keep("exists") : .preData
        case "PUBLICATION":
            return target.publications.contains(tag) ? .keep("exists") : .postData
        case "ACL", "COMMENT":
            return placeOfAddition(entry, tag: tag)
        case "DEFAULT ACL":
            return ownsAsTarget(entry) ? .access : .keep("belongs to role \(entry.owner)")
        case "EVENT TRIGGER", "SUBSCRIPTION", "SUBSCRIPTION TABLE":
            return target.facts.isSuperuser ? .postData : .keep("needs a superuser")
        case "INDEX", "INDEX ATTACH", "CONSTRAINT", "CHECK CONSTRAINT", "STATISTICS":
            return .indexes
        case "FK CONSTRAINT", "TRIGGER", "RULE", "POLICY", "PUBLICATION TABLE", "PUBLICATION TABLES IN SCHEMA",
            "SECURITY LABEL":
            return .postData
        default:
            return .preData
        }
    }

    /// Whether an entry that stays out is an object of the developers' own, which the target lacks.
    func isLeftOut(_ entry: ArchiveEntry) -> Bool {
        let kinds: Set = [
            "TABLE", "VIEW", "MATERIALIZED VIEW", "SEQUENCE", "FUNCTION", "PROCEDURE", "AGGREGATE", "TYPE", "DOMAIN",
        ]
        guard let schema = entry.schema, managed.contains(schema), kinds.contains(entry.kind), ownsAsTarget(entry)
        else {
            return false
        }
        return !target.namesInManagedSchemas.contains("\(schema).\(entry.tag.prefix { $0 != "(" })")
    }

    /// Of a managed schema only what developers have added is made again.
    private func placeInManaged(_ entry: ArchiveEntry) -> Place {
        let isAddition = manifest.userObjectsOnManagedTables.contains {
            $0.catalog == entry.catalog && $0.oid == entry.oid
        }
        guard isAddition else { return .keep("managed by Supabase") }
        // Policies and triggers a project may add; a key only the table's owner.
        return entry.kind == "FK CONSTRAINT" && !ownsAsTarget(entry)
            ? .keep("only role \(entry.owner) may add it") : .postData
    }

    /// Grants and comments on objects that stand in no schema: schemas, extensions, publications.
    private func placeOfAddition(_ entry: ArchiveEntry, tag: String) -> Place {
        let later: Place = entry.kind == "ACL" ? .access : .postData
        guard entry.schema == nil, let blank = tag.firstIndex(of: " ") else { return later }
        let name = Self.unquoted(tag[tag.index(after: blank)...])
        switch tag[..<blank] {
        case "SCHEMA": return managed.contains(name) ? .keep("managed by Supabase") : later
        case "EXTENSION":
            if extensionsLeftOut.contains(name) { return .keep("not on this server") }
            return target.extensions.contains(name) ? .keep("exists") : later
        case "EVENT": return target.facts.isSuperuser ? later : .keep("needs a superuser")
        default: return later
        }
    }

    /// Tags of comments and grants quote the name where SQL would.
    private static func unquoted(_ name: Substring) -> String {
        guard name.count > 1, name.hasPrefix("\""), name.hasSuffix("\"") else { return String(name) }
        return String(name.dropFirst().dropLast()).replacing("\"\"", with: "\"")
    }

    private func ownsAsTarget(_ entry: ArchiveEntry) -> Bool {
        target.facts.isSuperuser || target.facts.memberOf.contains(entry.owner)
    }
}
