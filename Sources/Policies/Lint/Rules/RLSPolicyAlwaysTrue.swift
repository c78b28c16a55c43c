/// `0024_rls_policy_always_true`: a policy that refuses nothing.
enum RLSPolicyAlwaysTrue: PolicyRule {
    static let info = LintRuleInfo(
        "rls_policy_always_true", number: "0024", "RLS Policy Always True", .warning,
        summary: "A policy for writing lets every row through, or a policy for reading hides that it does.",
        reason: """
            `true`, `1 = 1`, `id = id`, `coalesce(true, false)`, and for signed-in users also `auth.uid() is not null` and \
            `auth.role() = 'authenticated'`, are true for every row. For SELECT a plain `true` is a common and readable \
            way to make rows public and is no finding; a disguised one is. A table that users may only add to, such as \
            reports, can be meant so: write an exception.
            """,
        bad: "create policy \"write\" on public.trips for update to authenticated using (auth.uid() is not null);",
        good: """
            create policy "write" on public.trips for update to authenticated
              using ((select auth.uid()) = user_id) with check ((select auth.uid()) = user_id);
            """
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        context.policies.compactMap { policy, table in
            guard table.isRowSecurityOn, policy.isPermissive else { return nil }
            let roles = AccessRole.ofUsers.filter { policy.isForEverybody || policy.roles.contains($0) }
            guard !roles.isEmpty else { return nil }
            return finding(policy, table, roles, context)
        }
    }

    private static func finding(
        _ policy: AccessPolicy,
        _ table: AccessRelation,
        _ roles: [String],
        _ context: LintContext
    ) -> LintFinding? {
        func isTrue(_ clause: PolicyClause?) -> Bool {
            roles.contains { context.filters.filter(of: clause, on: table, as: $0) == .all }
        }
        let readsOnly = policy.command == .select
        let opensUsing = isTrue(policy.using) && (!readsOnly || isDisguised(policy.using))
        let ownCheck = policy.check != nil && isTrue(policy.check)
        let isEmptyInsert = policy.command == .insert && policy.check == nil
        let opensCheck =
            ownCheck || isEmptyInsert || policy.check == nil && opensUsing && !readsOnly && policy.command != .delete
        guard opensUsing || opensCheck else { return nil }
        let what = [
            opensUsing ? policy.using.map { "USING (\($0.text))" } : nil,
            ownCheck ? policy.check.map { "WITH CHECK (\($0.text))" } : nil,
        ].compactMap(\.self)
        let told =
            isEmptyInsert
            ? "has no WITH CHECK. The advisor counts that as always true; PostgreSQL lets no row through it"
            : "is true for every row: \(what.joined(separator: ", "))"
        return LintFinding(
            rule: info,
            object: table.name.description,
            policy: policy.name,
            detail: "Policy \"\(policy.name)\" on \(table.name) for \(policy.commandWord) \(told).",
            reach: context.reach(of: table),
            advice: "Say whose rows these are, such as (select auth.uid()) = user_id.",
            action: "\(info.name) \(table.name) \(policy.name)",
            metadata: context.metadata(table).merging([
                "policy_name": .text(policy.name), "command": .text(policy.commandWord),
                "roles": .list(policy.isForEverybody ? ["-"] : policy.roles),
                "qual": policy.using.map { .text($0.text) } ?? .null,
                "with_check": policy.check.map { .text($0.text) } ?? .null,
                "permissive_using": .flag(opensUsing), "permissive_with_check": .flag(opensCheck),
            ]) { $1 }
        )
    }

    /// Whether a clause is true without saying so.
    private static func isDisguised(_ clause: PolicyClause?) -> Bool {
        guard let clause, let expression = clause.expression else { return false }
        if expression.facts.asksForCaller || expression.facts.readsClaims { return false }
        return !["true", "(true)", "(1 = 1)"].contains(clause.text.lowercased())
    }
}
