public import Diagnostics
import SQLText

/// How one relation compares with its file, and the statements that make it equal.
public struct RelationPlan: Sendable, Hashable {
    /// How relation and file compare.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// The relation is as its file says.
        case inSync = "in-sync"
        /// Something is to be changed.
        case differs
        /// No file is about the relation.
        case noFile = "no-file"
        /// The database has no such relation.
        case noTable = "no-table"
    }

    /// The relation.
    public let relation: RelationName
    /// The path of its file.
    public let file: String?
    /// How they compare.
    public let state: State
    /// What makes the relation equal to its file, in order, one transaction.
    public let changes: [PolicyChange]
    /// What was found and is not changed.
    public let findings: [Finding]

    init(
        _ relation: RelationName,
        file: String? = nil,
        state: State,
        changes: [PolicyChange] = [],
        findings: [Finding] = []
    ) {
        self.relation = relation
        self.file = file
        self.state = state
        self.changes = changes
        self.findings = findings
    }

    /// Compares a relation with its file.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - meaning: The file's policies as the server understands them.
    ///   - live: The relation.
    ///   - prunes: Whether policies that no file names are dropped.
    init(_ file: PolicyFile, meaning: [PolicyDefinition], live: LiveRelation, prunes: Bool) {
        let wanted = file.policies.compactMap { declared in
            meaning.first { $0.name == declared.name }.map {
                PolicyDifference.Wanted(definition: $0, declared: declared)
            }
        }
        let policies = PolicyDifference(relation: live.relation, wanted: wanted, live: live.policies, prunes: prunes)
        var changes = policies.changes
        var findings = prunes ? [] : Finding.extra(policies.extra.map(\.name), file)
        if live.isPlatform {
            findings += Finding.platform(file, live)
        } else {
            let switches = Self.switches(file, live)
            let grants = GrantDifference(
                relation: live.relation, wanted: file.grants, live: live.grants, grantable: live.grantable)
            changes = switches + changes + grants.changes
        }
        self.init(
            file.relation, file: file.path, state: changes.isEmpty ? .inSync : .differs, changes: changes,
            findings: findings)
    }

    /// A relation that is as it was recorded; only names are known of its policies.
    init(unchanged file: PolicyFile, policyNames: [String]) {
        let extra = policyNames.filter { name in !file.policies.contains { $0.name == name } }
        self.init(file.relation, file: file.path, state: .inSync, findings: Finding.extra(extra, file))
    }

    private static func switches(_ file: PolicyFile, _ live: LiveRelation) -> [PolicyChange] {
        guard let wanted = file.rowSecurity else { return [] }
        var changes: [PolicyChange] = []
        let table = "ALTER TABLE \(live.relation.sql)"
        if wanted.isEnabled != live.rowSecurity.isEnabled {
            changes.append(
                wanted.isEnabled
                    ? PolicyChange("row level security is off", "\(table) ENABLE ROW LEVEL SECURITY")
                    : PolicyChange(
                        "row level security is on", "\(table) DISABLE ROW LEVEL SECURITY",
                        opens: "row level security goes off: grants alone decide"))
        }
        if wanted.isForced != live.rowSecurity.isForced {
            changes.append(
                wanted.isForced
                    ? PolicyChange("policies do not bind the owner", "\(table) FORCE ROW LEVEL SECURITY")
                    : PolicyChange(
                        "policies bind the owner", "\(table) NO FORCE ROW LEVEL SECURITY",
                        opens: "policies no longer bind the owner"))
        }
        return changes
    }
}
