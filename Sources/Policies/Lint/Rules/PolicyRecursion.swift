/// `policy_recursion`: policies that ask each other without end.
enum PolicyRecursion: PolicyRule {
    static let info = LintRuleInfo(
        "policy_recursion", "Policy Recursion", .error,
        summary: "A policy reads a table whose policies lead back to where it began: 42P17, infinite recursion.",
        reason: """
            A query in a policy asks the policies of the table it reads. When those read the first table again, PostgreSQL \
            refuses every query on both with `42P17 infinite recursion detected in policy`, empty tables included. \
            Rewriting the same queries moves the error, and does not remove it. What removes it is a SECURITY DEFINER \
            function between the two: it reads as its owner, whom no policy is asked for. The report prints the cycle and \
            the function to paste.
            """,
        bad: """
            create policy "trips" on public.group_trips for select to authenticated using (exists (
              select from public.group_trip_participants p where p.trip_id = group_trips.id and p.user_id = auth.uid()));
            create policy "members" on public.group_trip_participants for select to authenticated using (exists (
              select from public.group_trips t where t.id = group_trip_participants.trip_id and t.created_by = auth.uid()));
            """,
        good: """
            create policy "trips" on public.group_trips for select to authenticated
              using (public.is_trip_participant(id, (select auth.uid())));
            """
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        var found: [Set<AccessName>: (cycle: [PolicyCycle.Step], roles: Set<String>, failing: Set<String>)] = [:]
        var order: [Set<AccessName>] = []
        for role in roles(context) {
            for table in context.ours where table.isRowSecurityOn {
                for command in AccessCommand.ofRows {
                    guard let cycle = PolicyCycle(context, role: role).cycle(from: table, command) else { continue }
                    let tables = Set(cycle.map(\.table.name))
                    if found[tables] == nil { order.append(tables) }
                    found[tables, default: (cycle, [], [])].roles.insert(role)
                    found[tables]?.failing.insert("\(command.rawValue) on \(table.name)")
                }
            }
        }
        return order.compactMap { key in
            found[key].map { finding($0.cycle, $0.roles.sorted(), $0.failing.sorted(), context) }
        }
    }

    /// The users' roles, and those that policies name.
    private static func roles(_ context: LintContext) -> [String] {
        let named = Set(context.policies.flatMap { $0.policy.roles })
        return AccessRole.ofUsers
            + named.subtracting(AccessRole.ofUsers).filter { context.catalog.roles[$0]?.bypasses != true }.sorted()
    }

    private static func finding(
        _ cycle: [PolicyCycle.Step],
        _ roles: [String],
        _ failing: [String],
        _ context: LintContext
    ) -> LintFinding {
        let first = cycle[0].table
        let path = cycle.map { step in
            let via = step.read.via.isEmpty ? "" : " through \(step.read.via.joined(separator: ", "))"
            return "\(step.table.name) → policy \"\(step.policy.name)\" reads\(via)"
        }
        let names = path.joined(separator: " ") + " \(first.name)"
        let cure = cycle.reversed().lazy.compactMap { step in
            DefinerHelper(context: context, policy: step.policy, table: step.table)
                .statements(insteadOfReading: step.read.relation)
        }.first
        return LintFinding(
            rule: info,
            object: first.name.description,
            policy: cycle[0].policy.name,
            detail: "Policies go in a circle: \(names). For \(roles.joined(separator: " and ")) each of these ends with"
                + " 42P17, infinite recursion detected in policy: \(failing.joined(separator: "; ")).",
            reach: context.reach(of: first),
            advice: cure == nil
                ? "Move one of these queries into a SECURITY DEFINER function with set search_path = '', owned by postgres,"
                    + " and call that in the policy."
                : "Put a SECURITY DEFINER function between the two tables; it asks no policy.",
            sql: cure ?? [],
            action: "\(info.name) \(names)",
            metadata: context.metadata(first).merging([
                "cycle": .list(cycle.map(\.table.name.description)), "policies": .list(cycle.map(\.policy.name)),
                "roles": .list(roles),
            ]) { $1 }
        )
    }
}
