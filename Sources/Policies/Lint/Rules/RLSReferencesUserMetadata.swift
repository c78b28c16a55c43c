/// `0015_rls_references_user_metadata`: a policy believes what users write into their own token.
enum RLSReferencesUserMetadata: PolicyRule {
    static let info = LintRuleInfo(
        "rls_references_user_metadata", number: "0015", "RLS references user metadata", .error,
        summary: "A policy reads user_metadata from the token.",
        reason: """
            Every user changes their own `user_metadata` by `supabase.auth.updateUser()`, so a right that hangs on it is \
            everybody's. `app_metadata` is written by the server alone; a row in a table of ours is better still, for it \
            counts at once and not with the next token.
            """,
        bad: """
            create policy "admins" on public.trips to authenticated
              using ((select auth.jwt() -> 'user_metadata' ->> 'role') = 'admin');
            """,
        good: "create policy \"admins\" on public.trips to authenticated using ((select public.is_admin()));"
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        context.policies.compactMap { policy, table in
            let facts = policy.clauses.compactMap { $0.expression?.facts }
            let reads = facts.contains { facts in
                facts.readsClaims && facts.texts.contains { $0.contains("user_metadata") }
            }
            guard reads else { return nil }
            return LintFinding(
                rule: info,
                object: table.name.description,
                policy: policy.name,
                detail:
                    "Policy \"\(policy.name)\" on \(table.name) decides by user_metadata, which users change themselves.",
                reach: context.reach(of: table),
                advice: "Decide by app_metadata, or by public.is_admin().",
                action: "\(info.name) \(table.name) \(policy.name)",
                metadata: context.metadata(table)
            )
        }
    }
}
