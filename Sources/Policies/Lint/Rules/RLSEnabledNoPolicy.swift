/// `0008_rls_enabled_no_policy`: a table that no user can see a row of.
enum RLSEnabledNoPolicy: PolicyRule {
    static let info = LintRuleInfo(
        "rls_enabled_no_policy", number: "0008", "RLS Enabled No Policy", .info,
        summary: "Row level security is on, and the table has no policy.",
        reason: """
            Nobody but service_role and the owner sees a row; a user's SELECT returns an empty list and no error. That is \
            right for tables of background jobs: then take the grants away too, and write an exception that says so.
            """,
        bad: "alter table public.jobs enable row level security;",
        good: "create policy \"own\" on public.jobs for select to authenticated using ((select auth.uid()) = user_id);"
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        context.ours.compactMap { table in
            guard table.kind.hasRowSecurity, table.isRowSecurityOn, context.catalog.policies(of: table).isEmpty,
                AccessCatalog.isOfProject(table.name.schema), !table.isPartition
            else { return nil }
            let isReached = AccessRole.ofUsers.contains { role in
                AccessCommand.ofRows.contains { context.catalog.rights(of: role, on: table).allows($0) }
            }
            return LintFinding(
                rule: info,
                object: table.name.description,
                detail: "\(table.name) has row level security and no policy: users get no rows and no error.",
                reach: context.reach(of: table),
                advice: isReached
                    ? "Write the policy that was meant, or take the useless grants away."
                    : "Fine for a table of service_role: write an exception with that reason.",
                sql: isReached ? ["revoke all on \(table.name.sql) from anon, authenticated;"] : [],
                action: isReached ? "\(info.name) granted" : info.name,
                metadata: context.metadata(table)
            )
        }
    }
}
