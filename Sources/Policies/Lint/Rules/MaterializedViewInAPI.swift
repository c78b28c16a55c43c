/// `0016_materialized_view_in_api`: stored rows that no policy guards.
enum MaterializedViewInAPI: PolicyRule {
    static let info = LintRuleInfo(
        "materialized_view_in_api", number: "0016", "Materialized View in API", .warning,
        summary: "A materialized view can be selected through the API.",
        reason: """
            A materialized view stores what its owner saw, and cannot have row level security. Whoever may select it gets \
            all of it.
            """,
        bad: "create materialized view public.totals as select user_id, sum(amount) from public.expenses group by 1;",
        good: "revoke all on public.totals from anon, authenticated;"
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        context.ours.compactMap { unfiltered($0, .materializedView, info, in: context) }
    }

    /// The finding for a relation of a kind that cannot have row level security, where users reach it.
    static func unfiltered(
        _ relation: AccessRelation,
        _ kind: AccessRelation.Kind,
        _ info: LintRuleInfo,
        in context: LintContext
    ) -> LintFinding? {
        guard relation.kind == kind, !context.roles(reaching: relation).isEmpty else { return nil }
        return LintFinding(
            rule: info,
            object: relation.name.description,
            detail:
                "The \(kind.word) \(relation.name) cannot have row level security: whoever may select it gets every row.",
            reach: context.reach(of: relation),
            advice: "Take it from the API, and read it through a function that asks who calls.",
            sql: ["revoke all on \(relation.name.sql) from anon, authenticated;"],
            metadata: context.metadata(relation)
        )
    }
}
