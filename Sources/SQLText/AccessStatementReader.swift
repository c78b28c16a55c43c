/// Reads an access statement from its parse tree.
struct AccessStatementReader {
    let text: String
    let tree: ParseTree

    var statement: AccessStatement {
        guard let node = tree["stmts"].items.first?["stmt"].node else { return .other(node: "") }
        let other = AccessStatement.other(node: node.type)
        switch node.type {
        case "AlterTableStmt": return rowSecurity(node.fields) ?? other
        case "CreatePolicyStmt": return policy(node.fields) ?? other
        case "GrantStmt": return .grant(grant(node.fields))
        case "CommentStmt": return comment(node.fields) ?? other
        default: return other
        }
    }

    private func rowSecurity(_ fields: ParseTree) -> AccessStatement? {
        let switches = fields["cmds"].items.compactMap { command -> RowSecuritySwitch? in
            switch command["AlterTableCmd"]["subtype"].string {
            case "AT_EnableRowSecurity": .enable
            case "AT_DisableRowSecurity": .disable
            case "AT_ForceRowSecurity": .force
            case "AT_NoForceRowSecurity": .noForce
            default: nil
            }
        }
        guard switches.count == fields["cmds"].items.count, let relation = mention(fields["relation"]) else {
            return nil
        }
        return .rowSecurity(switches, on: relation)
    }

    private func policy(_ fields: ParseTree) -> AccessStatement? {
        guard let name = fields["policy_name"].string, let relation = mention(fields["table"]) else { return nil }
        let clauses = clauses()
        return .createPolicy(
            PolicyStatement(
                name: name, relation: relation, isPermissive: fields["permissive"].isTrue,
                command: fields["cmd_name"].string?.lowercased() ?? "all", roles: roles(fields["roles"]),
                usingRange: fields["qual"].exists ? clauses.using : nil,
                checkRange: fields["with_check"].exists ? clauses.check : nil,
                schemaPrefixes: prefixes(of: relation, in: [fields["qual"], fields["with_check"]])))
    }

    private func grant(_ fields: ParseTree) -> GrantStatement {
        let isOnObjects = fields["targtype"].string == "ACL_TARGET_OBJECT"
        let target: GrantStatement.Target =
            switch fields["objtype"].string {
            case "OBJECT_TABLE" where isOnObjects: .relations
            case "OBJECT_SEQUENCE" where isOnObjects: .sequences
            default: .other
            }
        return GrantStatement(
            isGrant: fields["is_grant"].isTrue, target: target,
            objects: fields["objects"].items.compactMap { mention($0["RangeVar"]) },
            privileges: fields["privileges"].items.map { item in
                GrantStatement.Privilege(
                    name: item["AccessPriv"]["priv_name"].string?.lowercased(),
                    columns: item["AccessPriv"]["cols"].items.compactMap { $0["String"]["sval"].string })
            },
            grantees: roles(fields["grantees"]), hasGrantOption: fields["grant_option"].isTrue,
            namesGrantor: fields["grantor"].exists)
    }

    private func comment(_ fields: ParseTree) -> AccessStatement? {
        guard fields["objtype"].string == "OBJECT_POLICY" else { return nil }
        let names = fields["object"]["List"]["items"].items.compactMap { $0["String"]["sval"].string }
        guard let policy = names.last, names.count >= 2 else { return nil }
        let relation = RelationMention(
            schema: names.count > 2 ? names[names.count - 3] : nil, name: names[names.count - 2], utf8Range: nil)
        return .policyComment(policy: policy, on: relation, text: fields["comment"].string)
    }

    private func roles(_ list: ParseTree) -> [RoleMention] {
        list.items.map { item in
            switch item["RoleSpec"]["roletype"].string {
            case "ROLESPEC_PUBLIC": .everybody
            case "ROLESPEC_CSTRING": item["RoleSpec"]["rolename"].string.map { .named($0) } ?? .ofSession
            default: .ofSession
            }
        }
    }

    private func mention(_ relation: ParseTree) -> RelationMention? {
        guard let name = relation["relname"].string else { return nil }
        let start = location(relation)
        return RelationMention(
            schema: relation["schemaname"].string, name: name,
            utf8Range: start..<SQLTokens.endOfName(in: text, from: start))
    }

    /// The place of a node; the grammar leaves out a 0.
    private func location(_ node: ParseTree) -> Int {
        guard case .number(let place) = node["location"] else { return 0 }
        return max(place, 0)
    }

    /// Where the conditions stand.
    ///
    /// `USING`, `WITH` and `CHECK` are reserved: outside of parentheses they are no names.
    private func clauses() -> (using: Range<Int>?, check: Range<Int>?) {
        var tokens = SQLTokens(text)
        var depth = 0
        var opened = 0
        var clause = ""
        var found: [String: Range<Int>] = [:]
        while let (token, range) = tokens.next() {
            switch token {
            case .sign(UInt8(ascii: "(")):
                if depth == 0 { opened = range.upperBound }
                depth += 1
            case .sign(UInt8(ascii: ")")):
                depth -= 1
                if depth == 0 { found[clause] = opened..<range.lowerBound }
            case .word(let word) where depth == 0: clause = word
            default: break
            }
        }
        return (found["using"], found["check"])
    }

    /// The prefixes `schema.` before the relation's own name in references to its columns.
    private func prefixes(of relation: RelationMention, in conditions: [ParseTree]) -> [Range<Int>] {
        guard let schema = relation.schema else { return [] }
        var found: [Range<Int>] = []
        var open = conditions
        while let node = open.popLast() {
            switch node {
            case .array(let items): open += items
            case .object(let fields):
                let parts = fields["ColumnRef"]?["fields"].items.map { $0["String"]["sval"].string } ?? []
                if let reference = fields["ColumnRef"], parts.count > 2, parts[0] == schema, parts[1] == relation.name {
                    found.append(prefix(from: location(reference)))
                }
                open += fields.values
            default: break
            }
        }
        return found.sorted { $0.lowerBound < $1.lowerBound }
    }

    private func prefix(from start: Int) -> Range<Int> {
        var tokens = SQLTokens(text, from: start)
        _ = tokens.next()
        _ = tokens.next()
        return start..<tokens.place
    }
}
