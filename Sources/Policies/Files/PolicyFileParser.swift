import Diagnostics
import SQLText

/// Reads the statements of a policy file and says of each one that has no place there why, and what to write instead.
struct PolicyFileParser {
    let path: String
    let relation: RelationName
    let text: String
    private(set) var findings: [Finding] = []
    private(set) var policies: [DeclaredPolicy] = []
    /// Every privilege, with the place of its statement.
    private(set) var grants: [Grant: Int] = [:]
    private var switches: [RowSecuritySwitch] = []
    private var comments: [(policy: String, text: String?, offset: Int)] = []

    init(path: String, relation: RelationName, text: String) {
        self.path = path
        self.relation = relation
        self.text = text
    }

    /// The switches, where the file sets any.
    var rowSecurity: RowSecurity? {
        guard let enabled = switches.last(where: { $0 == .enable || $0 == .disable }) else { return nil }
        let forced = switches.last { $0 == .force || $0 == .noForce }
        return RowSecurity(isEnabled: enabled == .enable, isForced: forced == .force)
    }

    /// Reads the whole file; what is wrong with it is in ``findings`` then.
    mutating func parse() {
        do throws(SQLSyntaxError) {
            for statement in try StatementSplitter.split(text) { read(statement, try AccessStatement(statement.text)) }
        } catch {
            report("policy.syntax", error.utf8Offset, "\(error.message).", error.remedy)
        }
        applyComments()
        if rowSecurity == nil, !policies.isEmpty || !switches.isEmpty {
            report(
                "policy.no-switch", 0, "The file does not say whether row level security is on.",
                Remedy("Add:", command: "alter table \(relation) enable row level security;"))
        }
    }

    private mutating func read(_ statement: Statement, _ access: AccessStatement) {
        switch access {
        case .rowSecurity(let found, let mention):
            guard isOwn(mention, statement) else { return }
            switches += found
        case .createPolicy(let policy):
            guard isOwn(policy.relation, statement) else { return }
            add(policy, statement)
        case .policyComment(let policy, let mention, let comment):
            guard isOwn(mention, statement) else { return }
            comments.append((policy, comment, statement.utf8Range.lowerBound))
        case .grant(let grant): add(grant, statement)
        case .other: refuse(statement)
        }
    }

    private mutating func add(_ policy: PolicyStatement, _ statement: Statement) {
        let start = statement.utf8Range.lowerBound
        guard !policies.contains(where: { $0.name == policy.name }) else {
            return report(
                "policy.twice", start, "The policy \"\(policy.name)\" stands twice in the file.",
                Remedy("Give one of them another name, or remove it."))
        }
        guard !policy.roles.contains(.ofSession) else {
            return report(
                "policy.role", start, "CURRENT_USER is another role in each session.",
                Remedy("Name the role, such as authenticated."))
        }
        policies.append(DeclaredPolicy(text: statement.text, statement: policy, comment: nil, utf8Offset: start))
    }

    private mutating func applyComments() {
        for comment in comments {
            guard let place = policies.firstIndex(where: { $0.name == comment.policy }) else {
                report(
                    "policy.comment", comment.offset, "The file has no policy \"\(comment.policy)\" to comment on.",
                    Remedy("Correct the name, or remove the comment."))
                continue
            }
            policies[place].comment = comment.text?.isEmpty == true ? nil : comment.text
        }
    }

    private mutating func refuse(_ statement: Statement) {
        let words = statement.text.split { $0.isWhitespace }.prefix(2).joined(separator: " ").uppercased()
        report(
            "policy.statement", statement.utf8Range.lowerBound,
            "\(words) has no place in a policy file. A file holds ALTER TABLE … ROW LEVEL SECURITY, CREATE POLICY, GRANT"
                + " and COMMENT ON POLICY.",
            Remedy("Move it into a migration:", command: "wheels-db migrate new NAME"))
    }

    /// Whether a statement is about the file's own relation.
    private mutating func isOwn(_ mention: RelationMention, _ statement: Statement) -> Bool {
        let start = statement.utf8Range.lowerBound + (mention.utf8Range?.lowerBound ?? 0)
        guard let schema = mention.schema else {
            report(
                "policy.schema", start,
                "\(mention.name) has no schema; which relation is meant depends on the session.",
                Remedy("Write \(relation)."))
            return false
        }
        let named = RelationName(schema: schema, name: mention.name)
        guard named == relation else {
            report(
                "policy.other-relation", start,
                "The statement is about \(named), and the file is about \(relation).",
                Remedy("Move it to \(PolicyFileName.file(of: named)), or correct the name."))
            return false
        }
        return true
    }

    private mutating func report(_ code: String, _ offset: Int, _ message: String, _ remedy: Remedy?) {
        findings.append(
            Finding(
                code: code, severity: .error, subject: "\(relation)", message: message,
                span: SourceSpan(file: path, utf8Offset: offset, in: text), remedy: remedy))
    }
}

extension PolicyFileParser {
    private static let ofRelations: Set<String> = ["select", "insert", "update", "delete"]
    private static let ofColumns: Set<String> = ["select", "insert", "update"]
    private static let ofSequences: Set<String> = ["usage", "select", "update"]

    private mutating func add(_ grant: GrantStatement, _ statement: Statement) {
        let start = statement.utf8Range.lowerBound
        guard grant.isGrant else {
            return report(
                "policy.revoke", start,
                "REVOKE has no place in a policy file: what the file does not grant is revoked.",
                Remedy("Remove the statement."))
        }
        guard grant.target != .other else {
            return report(
                "policy.statement", start, "A policy file grants on its relation and on sequences of its columns only.",
                Remedy("Move it into a migration:", command: "wheels-db migrate new NAME"))
        }
        guard !grant.hasGrantOption, !grant.namesGrantor else {
            return report(
                "policy.grant-option", start, "The roles of the data API hand no privilege on.",
                Remedy("Remove WITH GRANT OPTION and GRANTED BY."))
        }
        let grantees = grant.grantees.compactMap { grantee(of: $0, start) }
        let targets = grant.objects.compactMap { target(of: $0, grant, statement) }
        for target in targets {
            for privilege in privileges(of: grant, on: target, start) {
                for grantee in grantees {
                    grants[Grant(grantee, privilege.name, on: privilege.target)] = start
                }
            }
        }
    }

    private mutating func grantee(of mention: RoleMention, _ offset: Int) -> Grantee? {
        switch mention {
        case .everybody: return .everybody
        case .named(let name):
            // A role called "public" cannot exist.
            if let grantee = Grantee(rawValue: name), grantee != .everybody { return grantee }
            report(
                "policy.grantee", offset,
                "A policy file speaks for PUBLIC, anon, authenticated and service_role, not for \(name).",
                Remedy("Grant to other roles in a migration:", command: "wheels-db migrate new NAME"))
        case .ofSession:
            report(
                "policy.grantee", offset, "CURRENT_USER is another role in each session.",
                Remedy("Name the role, such as authenticated."))
        }
        return nil
    }

    private mutating func target(
        of mention: RelationMention,
        _ grant: GrantStatement,
        _ statement: Statement
    ) -> Grant.Target? {
        guard grant.target == .sequences else { return isOwn(mention, statement) ? .relation : nil }
        guard let schema = mention.schema else {
            report(
                "policy.schema", statement.utf8Range.lowerBound + (mention.utf8Range?.lowerBound ?? 0),
                "\(mention.name) has no schema; which sequence is meant depends on the session.",
                Remedy("Write \(relation.schema).\(mention.name)."))
            return nil
        }
        return .sequence(RelationName(schema: schema, name: mention.name))
    }

    private mutating func privileges(
        of grant: GrantStatement,
        on target: Grant.Target,
        _ offset: Int
    ) -> [(name: String, target: Grant.Target)] {
        let isRelation = target == .relation
        guard !grant.privileges.isEmpty, grant.privileges.allSatisfy({ $0.name != nil }) else {
            let all = isRelation ? "select, insert, update, delete" : "usage"
            report(
                "policy.grant-all", offset, "GRANT ALL grants more than a policy can hold back, TRUNCATE among it.",
                Remedy("Name what is meant, such as \(all)."))
            return []
        }
        return grant.privileges.flatMap { privilege -> [(name: String, target: Grant.Target)] in
            let name = privilege.name ?? ""
            let known = !isRelation ? Self.ofSequences : privilege.columns.isEmpty ? Self.ofRelations : Self.ofColumns
            guard known.contains(name) else {
                let what = !isRelation ? "a sequence" : privilege.columns.isEmpty ? "a relation" : "columns"
                report(
                    "policy.privilege", offset,
                    "\(name.uppercased()) on \(what) is no privilege for a role of the data API: no policy holds it back.",
                    Remedy("Write one of \(known.sorted().joined(separator: ", ")), or remove it."))
                return []
            }
            guard isRelation, !privilege.columns.isEmpty else { return [(name.uppercased(), target)] }
            return privilege.columns.map { (name.uppercased(), .column($0)) }
        }
    }
}
