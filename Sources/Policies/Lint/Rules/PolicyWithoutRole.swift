/// `policy_without_role`: a policy for everybody.
enum PolicyWithoutRole: PolicyRule {
    static let info = LintRuleInfo(
        "policy_without_role", "Policy Without Role", .warning,
        summary: "A policy has no TO: it applies to every role, anon included.",
        reason: """
            Without TO a policy is for PUBLIC. It is then evaluated for strangers too (32 ms against 0.002 ms on 100,000 \
            rows), applies to roles that are made later, and only an expression stands between anon and the rows.
            """,
        bad: "create policy \"own\" on public.trips using ((select auth.uid()) = user_id);",
        good: "create policy \"own\" on public.trips to authenticated using ((select auth.uid()) = user_id);"
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        context.policies.compactMap { policy, table in
            guard policy.isForEverybody else { return nil }
            let letsAnonIn = AccessCommand.ofRows.contains { command in
                policy.covers(command) && context.catalog.rights(of: "anon", on: table).allows(command)
                    && max(
                        context.filters.filter(of: policy.reading(command), on: table, as: "anon"),
                        context.filters.filter(of: policy.writing(command), on: table, as: "anon")) == .all
            }
            let roles = letsAnonIn ? "anon, authenticated" : "authenticated"
            return LintFinding(
                rule: info,
                object: table.name.description,
                policy: policy.name,
                detail: "Policy \"\(policy.name)\" on \(table.name) has no TO.",
                reach: context.reach(of: table),
                advice: "Name the roles; where it lets strangers in today, anon is kept in the statement below.",
                sql: ["\(policy.alter) to \(roles);"],
                action: info.name,
                metadata: context.metadata(table)
            )
        }
    }
}
