import SQLText

/// The smallest list of statements that turns the policies of a table into those of its file.
struct PolicyDifference {
    /// A policy of a file: what the server understands, and how the file writes it.
    struct Wanted: Sendable, Hashable {
        let definition: PolicyDefinition
        let declared: DeclaredPolicy
    }

    let relation: RelationName
    let wanted: [Wanted]
    let live: [PolicyDefinition]
    let prunes: Bool

    /// The policies that no file names, apart from those that only bear another name than the file's.
    var extra: [PolicyDefinition] {
        let renamed = Set(renames.values.map(\.name))
        return unnamed.filter { !renamed.contains($0.name) }
    }

    /// The statements, in an order that never meets a name twice.
    var changes: [PolicyChange] {
        let renames = renames
        var changes = prunes ? extra.map { drop($0, because: "no file names it") } : []
        for policy in wanted {
            let name = policy.definition.name
            if let twin = renames[name] {
                changes.append(
                    PolicyChange(
                        "policy \(quoted(twin.name)) is called \(quoted(name))",
                        "ALTER POLICY \(on(twin.name)) RENAME TO \(SQLQuoting.identifier(name))"))
                changes += comment(policy.definition, was: twin.comment)
            } else if let found = live.first(where: { $0.name == name }) {
                changes += changed(policy, found)
            } else {
                changes.append(create(policy, "policy \(quoted(name)) is missing"))
                changes += comment(policy.definition, was: nil)
            }
        }
        return changes
    }

    private var unnamed: [PolicyDefinition] {
        live.filter { found in !wanted.contains { $0.definition.name == found.name } }
    }

    /// For each missing policy, one that says the same under a name that no file has.
    private var renames: [String: PolicyDefinition] {
        var free = unnamed
        var found: [String: PolicyDefinition] = [:]
        for policy in wanted where !live.contains(where: { $0.name == policy.definition.name }) {
            guard let place = free.firstIndex(where: { policy.definition.means(theSameAs: $0) }) else { continue }
            found[policy.definition.name] = free.remove(at: place)
        }
        return found
    }

    private func changed(_ policy: Wanted, _ found: PolicyDefinition) -> [PolicyChange] {
        let want = policy.definition
        let name = quoted(want.name)
        if want.command != found.command || want.isPermissive != found.isPermissive {
            let what = want.command != found.command ? "is for another command" : "is of the other kind"
            return recreated(policy, found, "policy \(name) \(what)")
        }
        // ALTER POLICY can replace a condition, but not take one away.
        if want.using == nil && found.using != nil || want.check == nil && found.check != nil {
            return recreated(policy, found, "policy \(name) has a condition too many")
        }
        var parts: [String] = []
        var what: [String] = []
        if want.roles != found.roles {
            parts.append("TO \(roleList(want.roles))")
            what.append("other roles")
        }
        if want.using != found.using, let condition = policy.declared.using {
            parts.append("USING (\(condition))")
            what.append("another USING")
        }
        if want.check != found.check, let condition = policy.declared.check {
            parts.append("WITH CHECK (\(condition))")
            what.append("another WITH CHECK")
        }
        var changes: [PolicyChange] = []
        if !parts.isEmpty {
            let opens = want.reachesEverybody && !found.reachesEverybody && want.isPermissive ? opening(want) : nil
            changes.append(
                PolicyChange(
                    "policy \(name) has \(what.joined(separator: ", "))",
                    "ALTER POLICY \(on(want.name))\n  \(parts.joined(separator: "\n  "))", opens: opens))
        }
        return changes + comment(want, was: found.comment)
    }

    private func recreated(_ policy: Wanted, _ found: PolicyDefinition, _ why: String) -> [PolicyChange] {
        [drop(found, because: why), create(policy, why)] + comment(policy.definition, was: nil)
    }

    private func drop(_ policy: PolicyDefinition, because why: String) -> PolicyChange {
        PolicyChange(
            why.hasPrefix("policy") ? why : "policy \(quoted(policy.name)): \(why)",
            "DROP POLICY \(on(policy.name))",
            opens: policy.isPermissive ? nil : "the restrictive policy \(quoted(policy.name)) goes")
    }

    /// The file's own text: what the server makes of it is what was compared.
    private func create(_ policy: Wanted, _ why: String) -> PolicyChange {
        let opens = policy.definition.isPermissive && policy.definition.reachesEverybody
        return PolicyChange(why, policy.declared.text, opens: opens ? opening(policy.definition) : nil)
    }

    private func comment(_ policy: PolicyDefinition, was comment: String?) -> [PolicyChange] {
        guard policy.comment != comment else { return [] }
        return [
            PolicyChange(
                "policy \(quoted(policy.name)) has another comment",
                "COMMENT ON POLICY \(on(policy.name)) IS \(SQLQuoting.literal(policy.comment))")
        ]
    }

    private func opening(_ policy: PolicyDefinition) -> String {
        let who = policy.roles.contains("public") ? "every role" : "anon"
        return "policy \(quoted(policy.name)) is for \(who)"
    }

    private func on(_ policy: String) -> String { "\(SQLQuoting.identifier(policy)) ON \(relation.sql)" }

    private func quoted(_ name: String) -> String { "\"\(name)\"" }

    private func roleList(_ roles: [String]) -> String {
        roles.map { $0 == "public" ? "PUBLIC" : SQLQuoting.identifier($0) }.joined(separator: ", ")
    }
}
