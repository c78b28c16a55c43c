/// `0013_rls_disabled_in_public`: a table of the API whose rows everybody gets.
enum RLSDisabledInPublic: PolicyRule {
    static let info = LintRuleInfo(
        "rls_disabled_in_public", number: "0013", "RLS Disabled in Public", .error,
        summary: "A table that the API shows has no row level security.",
        reason: """
            The anon key is in every browser. Without row level security it reads, and with the grants of older projects \
            also changes, every row. A partitioned table is a table too: rows of protected partitions are read through \
            an unprotected parent.
            """,
        bad: "create table public.notes (id bigint primary key, body text);",
        good: """
            create table public.notes (id bigint primary key, body text);
            alter table public.notes enable row level security;
            """
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        context.ours.compactMap { table in
            guard table.kind.hasRowSecurity, !table.isRowSecurityOn, isReached(table, context) else { return nil }
            let kind = table.kind == .partitioned ? "The partitioned table" : "The table"
            let more =
                table.kind == .partitioned
                ? " The policies of its partitions do not apply to what is read through it." : ""
            return LintFinding(
                rule: info,
                object: table.name.description,
                detail: "\(kind) \(table.name) has no row level security.\(more)",
                reach: context.reach(of: table),
                advice: "Turn row level security on. Without a policy users then see nothing of it.",
                sql: [table.enableRowSecurity],
                metadata: context.metadata(table)
            )
        }
    }

    private static func isReached(_ table: AccessRelation, _ context: LintContext) -> Bool {
        AccessCommand.ofRows.contains { !context.roles(reaching: table, $0).isEmpty }
    }
}
