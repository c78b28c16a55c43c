import SQLText

/// The smallest list of `REVOKE` and `GRANT` that turns the privileges on a relation into those of its file.
struct GrantDifference {
    let relation: RelationName
    let wanted: Set<Grant>
    let live: Set<Grant>
    let grantable: Set<Grant>

    /// The statements: first what takes away, then what gives.
    var changes: [PolicyChange] {
        let surplus = live.subtracting(wanted)
        let ofRelation = surplus.filter { $0.target == .relation }
        // Revoking a privilege on the whole relation takes it from each column as well.
        let kept = live.filter { grant in
            guard case .column = grant.target else { return true }
            return !ofRelation.contains(Grant(grant.grantee, grant.privilege))
        }
        let revoked = ofRelation.union(kept.subtracting(wanted).filter { $0.target != .relation })
        let options = grantable.intersection(wanted)
        return statements(revoked.subtracting(grantable), .revoke)
            + statements(revoked.intersection(grantable), .revokeWithDependants)
            + statements(options, .revokeOption) + statements(wanted.subtracting(kept), .grant)
    }

    private enum Verb {
        case revoke
        case revokeWithDependants
        case revokeOption
        case grant
    }

    /// What is said of the grantees that get or lose exactly the same is one statement.
    private func statements(_ grants: Set<Grant>, _ verb: Verb) -> [PolicyChange] {
        let byObject = Dictionary(grouping: grants) { $0.target.sequence }
        let objects = byObject.keys.sorted { ($0 ?? relation) < ($1 ?? relation) }
        return objects.flatMap { sequence -> [PolicyChange] in
            let byGrantee = Dictionary(grouping: byObject[sequence] ?? []) { $0.grantee }
            let alike = Dictionary(grouping: byGrantee.keys.sorted()) { PrivilegeList(byGrantee[$0] ?? []) }
            return alike.sorted { $0.value[0] < $1.value[0] }.map { privileges, grantees in
                change(verb, privileges, on: sequence, grantees.sorted())
            }
        }
    }

    private func change(
        _ verb: Verb,
        _ privileges: PrivilegeList,
        on sequence: RelationName?,
        _ grantees: [Grantee]
    ) -> PolicyChange {
        let object = sequence.map { "SEQUENCE \($0.sql)" } ?? "TABLE \(relation.sql)"
        let list = privileges.sql
        let named = privileges.words
        let who = grantees.map(\.sql).joined(separator: ", ")
        let words = grantees.map { $0 == .everybody ? "PUBLIC" : $0.rawValue }.joined(separator: ", ")
        let place = sequence.map { " on \($0)" } ?? ""
        let isOne = grantees.count == 1
        switch verb {
        case .grant:
            let wide = grantees.filter(\.reachesEverybody)
            let opened = wide.map { $0 == .everybody ? "every role" : "anon" }.joined(separator: ", ")
            return PolicyChange(
                "\(words) \(isOne ? "lacks" : "lack") \(named)\(place)", "GRANT \(list) ON \(object) TO \(who)",
                opens: wide.isEmpty ? nil : "\(opened) gets \(named)\(place)", locksTable: false)
        case .revoke, .revokeWithDependants:
            let cascade = verb == .revokeWithDependants ? " CASCADE" : ""
            return PolicyChange(
                "\(words) \(isOne ? "has" : "have") \(named)\(place)",
                "REVOKE \(list) ON \(object) FROM \(who)\(cascade)", locksTable: false)
        case .revokeOption:
            return PolicyChange(
                "\(words) may hand on \(named)\(place)",
                "REVOKE GRANT OPTION FOR \(list) ON \(object) FROM \(who) CASCADE", locksTable: false)
        }
    }
}

/// Privileges of one grantee on one object, as `GRANT` lists them: each with its columns.
private struct PrivilegeList: Hashable {
    private struct Item: Hashable {
        let privilege: String
        /// The columns; none for the whole object.
        let columns: [String]
    }

    private let items: [Item]

    init(_ grants: [Grant]) {
        let byPrivilege = Dictionary(grouping: grants) { $0.privilege }
        items = byPrivilege.sorted { Self.rank($0.key) < Self.rank($1.key) }.flatMap { privilege, grants in
            let columns = grants.compactMap(\.target.column).sorted()
            let whole = grants.contains { $0.target.column == nil } ? [Item(privilege: privilege, columns: [])] : []
            return whole + (columns.isEmpty ? [] : [Item(privilege: privilege, columns: columns)])
        }
    }

    var sql: String {
        items.map { item in
            let columns = item.columns.map { SQLQuoting.identifier($0) }.joined(separator: ", ")
            return item.columns.isEmpty ? item.privilege : "\(item.privilege) (\(columns))"
        }.joined(separator: ", ")
    }

    /// For people: more than three columns are only counted.
    var words: String {
        items.map { item in
            if item.columns.isEmpty { return item.privilege }
            let columns =
                item.columns.count > 3 ? "\(item.columns.count) columns" : item.columns.joined(separator: ", ")
            return "\(item.privilege) (\(columns))"
        }.joined(separator: ", ")
    }

    private static func rank(_ privilege: String) -> String {
        let order = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "USAGE"]
        return order.firstIndex(of: privilege).map { "\($0)" } ?? "9\(privilege)"
    }
}

extension Grant.Target {
    /// The sequence, where it is one.
    var sequence: RelationName? {
        guard case .sequence(let name) = self else { return nil }
        return name
    }

    /// The column, where it is one.
    var column: String? {
        guard case .column(let name) = self else { return nil }
        return name
    }
}
