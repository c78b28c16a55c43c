/// `0010_security_definer_view`: a view that shows rows with its owner's rights.
enum SecurityDefinerView: PolicyRule {
    static let info = LintRuleInfo(
        "security_definer_view", number: "0010", "Security Definer View", .error,
        summary: "A view that the API shows reads its tables with the rights of its owner.",
        reason: """
            Without `security_invoker` the policies of the tables below are asked for the view's owner, who on Supabase \
            sees every row: each caller gets the rows of all users. The option is easily lost, because CREATE OR REPLACE \
            VIEW without it turns it off. A view that shall show more than the tables do needs a written exception.
            """,
        bad: "create view public.trip_totals as select user_id, count(*) from public.trips group by user_id;",
        good: """
            create view public.trip_totals with (security_invoker = true) as
              select user_id, count(*) from public.trips group by user_id;
            """
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        context.ours.compactMap { view in
            guard view.kind == .view, !view.isInvoker, !context.roles(reaching: view).isEmpty else { return nil }
            let tables = view.dependencies.compactMap { context.catalog.relation($0)?.name.description }.sorted()
            let what = tables.isEmpty ? "it reads no table" : "it reads \(tables.joined(separator: ", "))"
            return LintFinding(
                rule: info,
                object: view.name.description,
                detail:
                    "The view \(view.name) has no security_invoker: \(what) as \(view.owner), whatever the caller may"
                    + " see there.",
                reach: context.reach(of: view),
                advice: "Let the view read with the caller's rights.",
                sql: ["alter view \(view.name.sql) set (security_invoker = true);"],
                metadata: context.metadata(view)
            )
        }
    }
}
