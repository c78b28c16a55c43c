/// `0006_multiple_permissive_policies`: two policies where one would do.
enum MultiplePermissivePolicies: PolicyRule {
    static let info = LintRuleInfo(
        "multiple_permissive_policies", number: "0006", "Multiple Permissive Policies", .warning, .performance,
        summary: "More than one permissive policy applies to the same role and command.",
        reason: """
            Permissive policies are joined by OR: the server evaluates all of them for each row, and whoever reads one \
            does not see what the others let through. `for all` overlaps with every policy of a single command. Write \
            one policy for each role and command.
            """,
        bad: """
            create policy "own" on public.trips for all to authenticated using ((select auth.uid()) = user_id);
            create policy "public ones" on public.trips for select to authenticated using (is_public);
            """,
        good: """
            create policy "own and public ones" on public.trips for select to authenticated
              using ((select auth.uid()) = user_id or is_public);
            """
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        context.ours.filter { $0.kind.hasRowSecurity }.flatMap { table -> [LintFinding] in
            let permissive = context.catalog.policies(of: table).filter(\.isPermissive)
            guard permissive.count > 1 else { return [] }
            let found = roles(of: permissive, context).flatMap { role in
                AccessCommand.ofRows.compactMap { command -> LintFinding? in
                    let met = permissive.filter { $0.covers(command) && context.catalog.applies($0, to: role) }
                    return met.count > 1 ? finding(table, role, command, met, context) : nil
                }
            }
            return found
        }
    }

    /// The roles of users, and those that policies name.
    private static func roles(of policies: [AccessPolicy], _ context: LintContext) -> [String] {
        let named = Set(policies.flatMap(\.roles)).filter { context.catalog.roles[$0]?.bypasses != true }
        return AccessRole.ofUsers + named.subtracting(AccessRole.ofUsers).sorted()
    }

    private static func finding(
        _ table: AccessRelation,
        _ role: String,
        _ command: AccessCommand,
        _ met: [AccessPolicy],
        _ context: LintContext
    ) -> LintFinding {
        let names = met.map { "\"\($0.name)\"" }.joined(separator: ", ")
        return LintFinding(
            rule: info,
            object: table.name.description,
            detail:
                "\(met.count) permissive policies of \(table.name) apply to \(role) for \(command.rawValue): \(names).",
            reach: context.reach(of: table),
            advice:
                "Join them into one policy for each command. Look at the roles before you run this: a policy without"
                + " TO is written for anon and authenticated here.",
            sql: PolicyMerge(table: table.name, policies: context.catalog.policies(of: table)).sql,
            action: "\(info.name) \(table.name)",
            metadata: context.metadata(table).merging([
                "role": .text(role), "action": .text(command.rawValue), "policies": .list(met.map(\.name)),
            ]) { $1 },
            cacheKey: "multiple_permissive_policies_\(table.name.schema)_\(table.name.name)_\(role)_\(command.rawValue)"
        )
    }
}

/// Writes one permissive policy for each command and set of roles in place of those that overlap.
struct PolicyMerge {
    let table: AccessName
    let policies: [AccessPolicy]

    /// The statements; the restrictive policies stay as they are.
    var sql: [String] {
        let permissive = policies.filter(\.isPermissive)
        let drops = permissive.map { "drop policy \(AccessName.quoted($0.name)) on \(table.sql);" }
        let creates = AccessCommand.ofRows.flatMap { command -> [String] in
            var byClauses: [(clauses: String, roles: [String])] = []
            for role in Set(permissive.flatMap { roles(of: $0) }).sorted() {
                let met = permissive.filter { $0.covers(command) && roles(of: $0).contains(role) }
                guard !met.isEmpty else { continue }
                let text = clauses(of: met, command)
                if let index = byClauses.firstIndex(where: { $0.clauses == text }) {
                    byClauses[index].roles.append(role)
                } else {
                    byClauses.append((text, [role]))
                }
            }
            return byClauses.map { clauses, roles in
                let name = "\(table.name): \(command.rawValue.lowercased()) by \(roles.joined(separator: ", "))"
                let to = roles.map(AccessName.quoted).joined(separator: ", ")
                return "create policy \(AccessName.quoted(name)) on \(table.sql) for \(command.rawValue.lowercased())"
                    + " to \(to)\(clauses);"
            }
        }
        return ["begin;"] + drops + creates + ["commit;"]
    }

    private func roles(of policy: AccessPolicy) -> [String] {
        policy.isForEverybody ? AccessRole.ofUsers : policy.roles
    }

    private func clauses(of met: [AccessPolicy], _ command: AccessCommand) -> String {
        let using = command == .insert ? "" : joined(met.compactMap { $0.reading(command)?.text }, " using ")
        guard command == .insert || command == .update else { return using }
        return using + joined(met.compactMap { $0.writing(command)?.text }, " with check ")
    }

    private func joined(_ texts: [String], _ word: String) -> String {
        var seen: Set<String> = []
        let each = texts.filter { seen.insert($0).inserted }
        if each.isEmpty { return "" }
        return each.count == 1
            ? "\(word)(\(each[0]))" : word + "(" + each.map { "(\($0))" }.joined(separator: " or ") + ")"
    }
}
