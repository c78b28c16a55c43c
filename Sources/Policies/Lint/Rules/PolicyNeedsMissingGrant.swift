/// `policy_needs_missing_grant`: a policy needs a right that its role does not hold.
enum PolicyNeedsMissingGrant: PolicyRule {
    static let info = LintRuleInfo(
        "policy_needs_missing_grant", "Policy Needs a Missing Grant", .error,
        summary: "A policy reads a table or calls a function that its role may not: 42501 for the whole table.",
        reason: """
            Policies run with the caller's rights. A table they read has to be granted, a function they call has to be \
            executable; else every query on the table fails with 42501, whichever row it asks for.
            """,
        bad: """
            create policy "own team" on public.trips to authenticated using (team_id in (select id from private.teams));
            revoke all on private.teams from authenticated;
            """,
        good: "create policy \"own team\" on public.trips to authenticated using (private.is_in_team(team_id));"
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        context.policies.flatMap { policy, table in
            tables(policy, table, context) + functions(policy, table, context)
        }
    }

    private static func tables(_ policy: AccessPolicy, _ table: AccessRelation, _ context: LintContext) -> [LintFinding]
    {
        let (read, roles) = MissingGrant.first(of: policy, table, context) { $0.name.schema != "auth" } ?? (nil, [])
        guard let read else { return [] }
        let helper = DefinerHelper(context: context, policy: policy, table: table)
            .statements(insteadOfReading: read.relation)
        let who = roles.joined(separator: ", ")
        let via = read.via.isEmpty ? "" : " through \(read.via.joined(separator: ", "))"
        return [
            LintFinding(
                rule: info,
                object: table.name.description,
                policy: policy.name,
                detail:
                    "Policy \"\(policy.name)\" on \(table.name) reads \(read.relation.name)\(via), which \(who) may not:"
                    + " queries on \(table.name) fail with 42501.",
                reach: context.reach(of: table),
                advice: "Ask through a SECURITY DEFINER function, or grant SELECT there.",
                sql: helper ?? ["grant select on \(read.relation.name.sql) to \(who);"],
                action: "\(info.name) \(table.name) \(policy.name)",
                metadata: context.metadata(table).merging(["reads": .text(read.relation.name.description)]) { $1 }
            )
        ]
    }

    private static func functions(
        _ policy: AccessPolicy,
        _ table: AccessRelation,
        _ context: LintContext
    ) -> [LintFinding] {
        guard table.isRowSecurityOn else { return [] }
        let calls = policy.clauses.compactMap { $0.expression?.facts }.flatMap(\.calls)
        let roles = MissingGrant.roles(of: policy, table, context)
        return Set(calls.flatMap { context.routines($0) }).sorted { $0.signature < $1.signature }.compactMap {
            routine in
            let lacking = roles.filter { !context.catalog.mayCall(routine, $0) }
            guard !lacking.isEmpty else { return nil }
            let who = lacking.joined(separator: ", ")
            return LintFinding(
                rule: info,
                object: table.name.description,
                policy: policy.name,
                detail:
                    "Policy \"\(policy.name)\" on \(table.name) calls \(routine.signature), which \(who) may not execute:"
                    + " queries on \(table.name) fail with 42501.",
                reach: context.reach(of: table),
                advice: "Let the role execute it, or write the policy for roles that may.",
                sql: ["grant execute on function \(routine.sql) to \(who);"],
                metadata: context.metadata(table).merging(["calls": .text(routine.signature)]) { $1 }
            )
        }
    }
}
