/// `policy_reads_auth_users`: a policy reads a table of Supabase Auth that users may not read.
enum PolicyReadsAuthUsers: PolicyRule {
    static let info = LintRuleInfo(
        "policy_reads_auth_users", "Policy Reads auth.users", .error,
        summary: "A policy reads a table of schema auth as a role that may not: 42501 for the whole table.",
        reason: """
            A policy's query runs with the caller's rights, and neither anon nor authenticated may read `auth.users`. The \
            error is not limited to this policy: every query on the table fails with `42501 permission denied for table \
            users`, also for rows that another policy would let through. Take the e-mail from `auth.email()`, roles from a \
            table of ours, or ask through a SECURITY DEFINER function.
            """,
        bad: """
            create policy "staff" on public.feedback for select to authenticated using (exists (
              select from auth.users u where u.id = auth.uid() and u.email like '%@example.com'));
            """,
        good:
            "create policy \"staff\" on public.feedback for select to authenticated using ((select public.is_admin()));"
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        context.policies.compactMap { policy, table in
            let (read, roles) = MissingGrant.first(of: policy, table, context) { $0.name.schema == "auth" } ?? (nil, [])
            guard let read else { return nil }
            let via = read.via.isEmpty ? "" : " through \(read.via.joined(separator: ", "))"
            let who = roles.joined(separator: " and ")
            return LintFinding(
                rule: info,
                object: table.name.description,
                policy: policy.name,
                detail:
                    "Policy \"\(policy.name)\" on \(table.name) reads \(read.relation.name)\(via), which \(who) may not:"
                    + " every \(policy.commandWord == "ALL" ? "query" : policy.commandWord) on \(table.name) by \(who) fails"
                    + " with 42501 permission denied for table \(read.relation.name.name).",
                reach: context.reach(of: table),
                advice: "Use auth.email() or public.is_admin(), or ask through a SECURITY DEFINER function.",
                sql: DefinerHelper(context: context, policy: policy, table: table)
                    .statements(insteadOfReading: read.relation) ?? [],
                action: "\(info.name) \(table.name) \(policy.name)",
                metadata: context.metadata(table).merging(["reads": .text(read.relation.name.description)]) { $1 }
            )
        }
    }
}

/// Finds relations that a policy reads and its roles may not.
enum MissingGrant {
    /// The first such relation, and the roles that may not read it.
    static func first(
        of policy: AccessPolicy,
        _ table: AccessRelation,
        _ context: LintContext,
        where matches: (AccessRelation) -> Bool
    ) -> (PolicyReads.Read?, [String])? {
        guard table.isRowSecurityOn else { return nil }
        for read in PolicyReads(context).reads(of: policy, nil) where matches(read.relation) {
            let roles = self.roles(of: policy, table, context).filter { role in
                !context.catalog.rights(of: role, on: read.relation).allows(.select)
                    || !context.catalog.mayUse(read.relation.name.schema, role)
                        && !read.via.isEmpty
            }
            if !roles.isEmpty { return (read, roles) }
        }
        return nil
    }

    /// The roles of a policy that hold a right on its table.
    static func roles(of policy: AccessPolicy, _ table: AccessRelation, _ context: LintContext) -> [String] {
        let named = policy.isForEverybody ? AccessRole.ofUsers : policy.roles
        return named.filter { role in
            guard context.catalog.roles[role]?.bypasses != true else { return false }
            return AccessCommand.ofRows.contains {
                policy.covers($0) && context.catalog.rights(of: role, on: table).allows($0)
            }
        }
    }
}
