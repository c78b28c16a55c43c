/// `0007_policy_exists_rls_disabled`: policies that nobody asks.
enum PolicyExistsRLSDisabled: PolicyRule {
    static let info = LintRuleInfo(
        "policy_exists_rls_disabled", number: "0007", "Policy Exists RLS Disabled", .error,
        summary: "A table has policies, and row level security is off.",
        reason: """
            Policies count only while row level security is on. Off, they look like protection and are none: whoever \
            holds a grant sees and changes every row.
            """,
        bad: """
            create policy "own" on public.trips to authenticated using ((select auth.uid()) = user_id);
            alter table public.trips disable row level security;
            """,
        good: "alter table public.trips enable row level security;"
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        context.ours.compactMap { table in
            let policies = context.catalog.policies(of: table)
            guard table.kind.hasRowSecurity, !table.isRowSecurityOn, !policies.isEmpty else { return nil }
            let count = policies.count == 1 ? "1 policy" : "\(policies.count) policies"
            let names = policies.map(\.name)
            return LintFinding(
                rule: info,
                object: table.name.description,
                detail: "\(table.name) has \(count), and row level security is off: none of them applies.",
                reach: context.reach(of: table),
                advice: "Turn row level security on.",
                sql: [table.enableRowSecurity],
                metadata: context.metadata(table).merging(["policies": .list(names)]) { $1 }
            )
        }
    }
}

extension AccessRelation {
    /// The statement that turns row level security on.
    var enableRowSecurity: String { "alter table \(name.sql) enable row level security;" }
}
