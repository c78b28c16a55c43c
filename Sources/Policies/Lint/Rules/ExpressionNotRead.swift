import SQLText

/// `expression_not_read`: a policy that no rule could look into.
enum ExpressionNotRead: PolicyRule {
    static let info = LintRuleInfo(
        "expression_not_read", "Expression Not Read", .warning,
        summary: "The grammar could not read a policy, so no rule about expressions has looked at it.",
        reason: """
            The linter reads policies with PostgreSQL's grammar; `wheels-db --version` says of which version. Syntax of a \
            newer server, and expressions nested a hundred levels deep, are beyond it. Nothing is said about such a policy, \
            and that is not the same as nothing wrong.
            """,
        bad: "create policy \"deep\" on public.trips to authenticated using (not (not (not is_public))); -- and so on",
        good: "create policy \"own\" on public.trips to authenticated using ((select auth.uid()) = user_id);"
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        context.policies.compactMap { policy, table in
            guard policy.clauses.contains(where: { $0.expression == nil }) else { return nil }
            return LintFinding(
                rule: info,
                object: table.name.description,
                policy: policy.name,
                detail: "Policy \"\(policy.name)\" on \(table.name) could not be read by the grammar of PostgreSQL"
                    + " \(Grammar.version): rules about expressions did not look at it.",
                reach: context.reach(of: table),
                advice: "Look at it yourself, and write an exception that says so.",
                action: "\(info.name) \(table.name) \(policy.name)",
                metadata: context.metadata(table)
            )
        }
    }
}
