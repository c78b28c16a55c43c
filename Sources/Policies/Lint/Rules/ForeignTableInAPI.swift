/// `0017_foreign_table_in_api`: another server's rows that no policy guards.
enum ForeignTableInAPI: PolicyRule {
    static let info = LintRuleInfo(
        "foreign_table_in_api", number: "0017", "Foreign Table in API", .warning,
        summary: "A foreign table can be selected through the API.",
        reason: """
            A foreign table cannot have row level security. Its rows come from another server with the credentials of the \
            user mapping, whoever asks here.
            """,
        bad: "create foreign table public.charges (id text) server stripe;",
        good: "revoke all on public.charges from anon, authenticated;"
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        context.ours.compactMap { MaterializedViewInAPI.unfiltered($0, .foreignTable, info, in: context) }
    }
}
