import Diagnostics

extension Finding {
    /// Policies that no file names.
    static func extra(_ names: [String], _ file: PolicyFile) -> [Finding] {
        names.map { name in
            Finding(
                code: "policy.extra", severity: .warning, subject: "\(file.relation)",
                message: "\(file.relation) has the policy \"\(name)\", and \(file.path) does not name it.",
                remedy: Remedy(
                    "Write it into the file, or remove it from the database:",
                    command: "wheels-db policy apply --prune"))
        }
    }

    /// A relation that no file is about.
    static func noFile(_ relation: RelationName, policies: [String], isExposed: Bool) -> Finding {
        let list = policies.map { "\"\($0)\"" }.joined(separator: ", ")
        let has = policies.isEmpty ? "" : " It has the policies \(list), which nothing here changes."
        let reach = isExposed ? "the data API exposes its schema, and " : ""
        return Finding(
            code: "policy.no-file", severity: isExposed ? .warning : .note, subject: "\(relation)",
            message: "\(relation) has no policy file: \(reach)nothing says who may use it.\(has)",
            remedy: Remedy("Write policies/\(PolicyFileName.file(of: relation))."))
    }

    /// A file that no relation belongs to.
    static func noTable(_ file: PolicyFile) -> Finding {
        Finding(
            code: "policy.no-table", severity: .error, subject: "\(file.relation)",
            message: "\(file.path) is about \(file.relation), and the database has no such table or view.",
            remedy: Remedy(
                "Apply the migration that makes it, or remove or rename the file.", command: "wheels-db migrate status")
        )
    }

    /// What the platform's own relation lacks: grants and switches there are not ours to change.
    static func platform(_ file: PolicyFile, _ live: LiveRelation) -> [Finding] {
        var found: [Finding] = []
        if let wanted = file.rowSecurity, wanted != live.rowSecurity {
            found.append(
                Finding(
                    code: "policy.platform-row-security", severity: .error, subject: "\(live.relation)",
                    message: "Row level security of \(live.relation) is not as \(file.path) says: the table is the "
                        + "platform's, which alone switches it.",
                    remedy: Remedy("Switch it in the dashboard, or ask the platform's support.")))
        }
        for grantee in Grantee.allCases {
            let missing = file.grants.subtracting(live.grants).filter { $0.grantee == grantee }
            guard !missing.isEmpty else { continue }
            let list = Set(missing.map(\.privilege)).sorted().joined(separator: ", ")
            found.append(
                Finding(
                    code: "policy.platform-grant", severity: .error, subject: "\(live.relation)",
                    message: "\(grantee.rawValue) lacks \(list) on \(live.relation), which the platform grants.",
                    remedy: Remedy("Restore the grant as the table's owner, or ask the platform's support.")))
        }
        return found
    }

    /// What of a file does not fit the relation it is about.
    static func misfits(_ file: PolicyFile, _ live: LiveRelation) -> [Finding] {
        var found: [Finding] = []
        func report(_ code: String, _ offset: Int, _ message: String, _ remedy: String) {
            found.append(
                Finding(
                    code: code, severity: .error, subject: "\(file.relation)", message: message,
                    span: file.span(utf8Offset: offset), remedy: Remedy(remedy)))
        }
        if live.kind == .table, file.rowSecurity == nil {
            report(
                "policy.no-switch", 0, "The file does not say whether row level security of the table is on.",
                "Add: alter table \(file.relation) enable row level security;")
        }
        if live.kind != .table, file.rowSecurity != nil {
            report(
                "policy.kind", 0,
                "\(file.relation) is a \(live.kind.rawValue), which has neither row level security nor "
                    + "policies.", "Leave only its grants in the file.")
        }
        let columns = Set(live.columns.map(\.name))
        for (grant, offset) in file.grantOffsets.sorted(by: { $0.value < $1.value }) {
            if let column = grant.target.column, !columns.contains(column) {
                report(
                    "policy.no-column", offset, "\(file.relation) has no column \"\(column)\".",
                    "Correct the name, or apply the migration that adds it.")
            }
            if let sequence = grant.target.sequence, !live.sequences.contains(sequence) {
                report(
                    "policy.no-sequence", offset, "No column of \(file.relation) owns a sequence \(sequence).",
                    "Grant on other sequences in a migration.")
            }
        }
        var seen: Set<Finding> = []
        return found.filter { seen.insert($0).inserted }
    }
}
