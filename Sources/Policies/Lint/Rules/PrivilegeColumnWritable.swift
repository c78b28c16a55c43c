import SQLText

/// `privilege_column_writable`: users give themselves a right.
enum PrivilegeColumnWritable: PolicyRule {
    static let info = LintRuleInfo(
        "privilege_column_writable", "Privilege Column Writable", .error,
        summary: "A right is decided from a column that users may write in their own row.",
        reason: """
            When `is_admin()` reads `profiles.role`, and users may update their own profile, one request makes anybody \
            admin: `PATCH /rest/v1/profiles?id=eq.… {"role": "admin"}`. A policy cannot compare the old row with the new \
            one, so the right belongs into a table that users do not write, or the column out of their grants. Rows that \
            may be inserted count as well. A column that WITH CHECK or a trigger before the write mentions is taken as \
            guarded.
            """,
        bad: """
            create function public.is_admin() returns boolean language sql stable security definer set search_path = ''
              as $$ select exists (select from public.profiles where id = auth.uid() and role = 'admin') $$;
            grant update on public.profiles to authenticated;
            """,
        good: """
            revoke update on public.profiles from authenticated;
            grant update (full_name, nickname) on public.profiles to authenticated;
            """
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        let trusted = TrustedColumns(context)
        let calls = context.policies.flatMap { $0.policy.clauses }.compactMap { $0.expression?.facts }.flatMap(\.calls)
        let asked = context.routines(reachedBy: calls)
        let answering = context.catalog.routines.filter { routine in
            routine.result == "boolean" && AccessCatalog.isOfProject(routine.name.schema)
                && !context.roles(calling: routine).isEmpty && !asked.contains(routine)
        }
        let all =
            context.policies.flatMap { trusted.trusted(by: $0.policy) }
            + (asked + answering).flatMap { trusted.trusted(by: $0) }
        let ours = all.filter { AccessCatalog.isOurs($0.table.name) && $0.table.kind.hasRowSecurity }
        return Dictionary(grouping: ours) { $0.table }.sorted { $0.key.name < $1.key.name }.flatMap { table, columns in
            findings(table, columns, context)
        }
    }

    private static func findings(
        _ table: AccessRelation,
        _ trusted: [TrustedColumn],
        _ context: LintContext
    ) -> [LintFinding] {
        let byColumn = Dictionary(grouping: trusted, by: \.column)
        let writable = byColumn.keys.sorted().flatMap { column in
            AccessRole.ofUsers.flatMap { role in
                [AccessCommand.update, .insert].filter { mayWrite(column, of: table, $0, as: role, context) }
                    .map { (column: column, role: role, command: $0) }
            }
        }
        let columns = Set(writable.map(\.column))
        return columns.sorted().map { column in
            let ways = writable.filter { $0.column == column }
            let who = ways.map {
                "\($0.role) may \($0.command.rawValue) it\(policyWords(table, $0.command, $0.role, context))"
            }
            let deciders = (byColumn[column] ?? []).reduce(into: [String]()) { list, trust in
                let text = "\(trust.decider) trusts \(table.name.name).\(column) to be \(trust.wanted)"
                if !list.contains(text) { list.append(text) }
            }
            return LintFinding(
                rule: info,
                object: table.name.description,
                detail:
                    "Users can give themselves a right by column \(table.name).\(column): \(deciders.joined(separator: "; "))."
                    + " And \(who.joined(separator: "; ")).",
                reach: context.reach(of: table),
                advice:
                    "Take the column out of what users may write. A right is best kept in a table of its own, such as"
                    + " public.admin_users.",
                sql: statements(table, writable.map { ($0.role, $0.command) }, without: columns, context),
                action: "\(info.name) \(table.name)",
                metadata: context.metadata(table).merging([
                    "column": .text(column), "trusted_by": .list(deciders),
                    "roles": .list(Set(ways.map(\.role)).sorted()),
                ]) { $1 },
                cacheKey: "\(info.name)_\(table.name.schema)_\(table.name.name)_\(column)"
            )
        }
    }

    /// Whether a role can write the column in some row, and nothing there looks at it.
    private static func mayWrite(
        _ column: String,
        of table: AccessRelation,
        _ command: AccessCommand,
        as role: String,
        _ context: LintContext
    ) -> Bool {
        guard context.catalog.rights(of: role, on: table).allows(command, column: column),
            table.column(column)?.isGenerated == false
        else { return false }
        let isGuarded = table.guards.contains { trigger in
            trigger.commands.contains(command)
                && context.catalog.routine(trigger.function)?.body.mentions(column: column) == true
        }
        if isGuarded { return false }
        guard table.isRowSecurityOn else { return true }
        if command == .update, context.filters.reach(.update, on: table, as: role) == .nothing { return false }
        return context.catalog.policies(of: table, for: role, command).filter(\.isPermissive).contains { policy in
            let clause = policy.writing(command)
            guard context.filters.filter(of: clause, on: table, as: role) != .nothing else { return false }
            // An administrator's own way in is none of the users'.
            if asksForRight(clause, context) { return false }
            return clause?.expression?.facts.columns.contains { $0.isOfRow && $0.name == column } != true
        }
    }

    /// Whether a clause lets only those through whom a function about the caller names, such as `(select is_admin())`.
    private static func asksForRight(_ clause: PolicyClause?, _ context: LintContext) -> Bool {
        guard let expression = clause?.expression else { return false }
        return expression.conjuncts.contains { part in
            let call = part.bare["FuncCall"]
            guard call.exists else { return false }
            let routines = context.catalog.routines(
                called: call["funcname"].dottedName, arguments: call["args"].items.count)
            return routines.contains { $0.isDefiner && $0.result == "boolean" }
        }
    }

    private static func policyWords(
        _ table: AccessRelation,
        _ command: AccessCommand,
        _ role: String,
        _ context: LintContext
    ) -> String {
        guard table.isRowSecurityOn else { return ", in every row: row level security is off" }
        let policies = context.catalog.policies(of: table, for: role, command).filter(\.isPermissive).map {
            "\"\($0.name)\""
        }
        return policies.isEmpty ? "" : " (policy \(policies.joined(separator: ", ")))"
    }

    /// The grants without the columns.
    private static func statements(
        _ table: AccessRelation,
        _ ways: [(role: String, command: AccessCommand)],
        without columns: Set<String>,
        _ context: LintContext
    ) -> [String] {
        var done: Set<String> = []
        return ways.flatMap { role, command -> [String] in
            guard done.insert("\(role) \(command)").inserted else { return [] }
            let rights = context.catalog.rights(of: role, on: table)
            let word = command.rawValue.lowercased()
            let kept = table.columns.filter {
                !$0.isGenerated && !columns.contains($0.name) && rights.allows(command, column: $0.name)
            }.map { AccessName.quoted($0.name) }
            let isOfPublic = context.catalog.publicRights[table.oid]?.contains(command.letter) == true
            let whom = isOfPublic ? "\(role), public" : role
            let revoke = "revoke \(word) on \(table.name.sql) from \(whom);"
            return kept.isEmpty
                ? [revoke]
                : [revoke, "grant \(word) (\(kept.joined(separator: ", "))) on \(table.name.sql) to \(role);"]
        }
    }
}
