/// `update_without_select`: rows that may be changed and cannot be found.
enum UpdateWithoutSelect: PolicyRule {
    static let info = LintRuleInfo(
        "update_without_select", "Update Without Select", .warning,
        summary: "A role may UPDATE or DELETE rows by policy, and no policy lets it SELECT them: nothing is changed.",
        reason: """
            An UPDATE or DELETE with WHERE or RETURNING only reaches rows that the role may also select. Without a SELECT \
            policy it answers `UPDATE 0`, and no error. The data API always sends a WHERE.
            """,
        bad: """
            create policy "change own" on public.trips for update to authenticated
              using ((select auth.uid()) = user_id);
            """,
        good: """
            create policy "see own" on public.trips for select to authenticated
              using ((select auth.uid()) = user_id);
            """
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        context.ours.filter(\.isRowSecurityOn).flatMap { table in
            AccessRole.ofUsers.compactMap { finding(table, $0, context) }
        }
    }

    private static func finding(_ table: AccessRelation, _ role: String, _ context: LintContext) -> LintFinding? {
        let rights = context.catalog.rights(of: role, on: table)
        let commands = [AccessCommand.update, .delete].filter { command in
            rights.allows(command) && context.filters.reach(command, on: table, as: role) != .nothing
        }
        guard !commands.isEmpty, context.filters.reach(.select, on: table, as: role) == .nothing else { return nil }
        let policies = context.catalog.policies(of: table, for: role, commands[0]).filter(\.isPermissive)
        let words = commands.map(\.rawValue).joined(separator: " and ")
        let using = policies.first?.using?.text ?? "(select auth.uid()) = user_id"
        let name = AccessName.quoted("\(table.name.name): select by \(role)")
        var sql = ["create policy \(name) on \(table.name.sql) for select to \(role) using (\(using));"]
        if !rights.allows(.select) { sql.append("grant select on \(table.name.sql) to \(role);") }
        return LintFinding(
            rule: info,
            object: table.name.description,
            policy: policies.first?.name,
            detail:
                "\(role) may \(words) rows of \(table.name) by policy and may SELECT none: such a statement with a WHERE"
                + " answers 0 rows, and no error.",
            reach: context.reach(of: table),
            advice: "Let the role see what it may change.",
            sql: sql,
            metadata: context.metadata(table).merging(["role": .text(role)]) { $1 }
        )
    }
}
