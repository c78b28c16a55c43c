import Diagnostics
import Policies

/// A plan of policies as `--json` prints it.
struct PolicyDocument: Encodable {
    /// One statement.
    struct Change: Encodable {
        let what: String
        let sql: String
        /// Whom it lets do more than before.
        let opens: String?
    }

    /// One table or view.
    struct Relation: Encodable {
        let table: String
        let file: String?
        let state: String
        let changes: [Change]

        init(_ plan: RelationPlan) {
            table = plan.relation.description
            file = plan.file
            state = plan.state.rawValue
            changes = plan.changes.map { Change(what: $0.summary, sql: $0.sql, opens: $0.opens) }
        }
    }

    let tables: [Relation]
    let pending: Int
    let findings: [Finding]

    init(_ plan: PolicyPlan) {
        tables = plan.relations.map(Relation.init)
        pending = plan.pending.count
        findings = plan.findings
    }
}

extension RelationPlan.State {
    /// The state as a person reads it.
    var words: String {
        switch self {
        case .inSync: "in sync"
        case .differs: "differs"
        case .noFile: "no file"
        case .noTable: "no table"
        }
    }
}

extension Finding {
    /// The finding beside the state of its table, which says the same of a missing file or table.
    var besideState: String? { ["policy.no-file", "policy.no-table"].contains(code) ? nil : message }
}
