/// `user_editable_metadata`: a right hangs on what users write about themselves.
enum UserEditableMetadata: PolicyRule {
    static let info = LintRuleInfo(
        "user_editable_metadata", "User Editable Metadata", .error,
        summary: "A policy, or a function that policies call, decides by raw_user_meta_data or user_metadata.",
        reason: """
            `auth.users.raw_user_meta_data` is what `supabase.auth.updateUser({ data: … })` writes: any user can put \
            `"role": "admin"` there. The advisor looks for it in the token only; this rule also finds the column, and \
            looks into the functions that policies call. `raw_app_meta_data` is the server's.
            """,
        bad: """
            create function public.is_staff() returns boolean language sql stable security definer set search_path = ''
              as $$ select raw_user_meta_data ->> 'role' = 'staff' from auth.users where id = auth.uid() $$;
            """,
        good: """
            create function public.is_staff() returns boolean language sql stable security definer set search_path = ''
              as $$ select exists (select from public.admin_users where user_id = auth.uid() and status = 'active') $$;
            """
    )

    private static let column = "raw_user_meta_data"

    static func findings(in context: LintContext) -> [LintFinding] {
        context.policies.compactMap { policy, table in
            let facts = policy.clauses.compactMap { $0.expression?.facts }
            let isDirect = facts.contains { $0.columns.contains { $0.name == column } }
            let routine = context.routines(reachedBy: facts.flatMap(\.calls)).first { reads($0.body) }
            guard isDirect || routine != nil else { return nil }
            let how = isDirect ? "" : routine.map { " through \($0.signature)" } ?? ""
            return LintFinding(
                rule: info,
                object: table.name.description,
                policy: policy.name,
                detail:
                    "Policy \"\(policy.name)\" on \(table.name) decides\(how) by user metadata, which every user writes for"
                    + " themselves: supabase.auth.updateUser({ data: { … } }).",
                reach: context.reach(of: table),
                advice: "Decide by a row of a table that users cannot write, such as public.admin_users, or by"
                    + " raw_app_meta_data.",
                action: routine.map { "\(info.name) \($0.signature)" } ?? "\(info.name) \(table.name) \(policy.name)",
                metadata: context.metadata(table)
            )
        }
    }

    private static func reads(_ body: RoutineBody) -> Bool {
        guard let facts = body.facts else { return body.words.contains(column) || body.words.contains("user_metadata") }
        return facts.columns.contains { $0.name == column }
            || facts.readsClaims && facts.texts.contains { $0.contains("user_metadata") }
    }
}
