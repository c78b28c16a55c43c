/// `jwt_role_not_api_role`: an administrator that is a role of the database.
enum JWTRoleNotAPIRole: PolicyRule {
    static let info = LintRuleInfo(
        "jwt_role_not_api_role", "JWT Role Is No API Role", .error,
        summary: "A policy is for a role of the project's own, or a token's role claim can make the API take one on.",
        reason: """
            The API runs `SET ROLE` with the `role` claim of the token. With `"role": "admin"` the request is no longer \
            `authenticated`: every policy written `TO authenticated` stops applying to it, and its grants are gone. \
            Where the role is not granted to authenticator, every request of that user fails with `permission denied to \
            set role`. Policies then get copied for the new role, table by table. Keep the token's role `authenticated`, \
            and let an administrator be a row of `public.admin_users`, which `public.is_admin()` asks for.
            """,
        bad: """
            create role admin;
            grant admin to authenticator;
            create policy "admins" on public.trips to admin using (true);
            """,
        good: "create policy \"admins\" on public.trips for select to authenticated using ((select public.is_admin()));"
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        let roles = context.catalog.roles.values.filter { role in
            role.isOfProject && !role.bypasses
                && (role.isSettableByAPI || context.policies.contains { $0.policy.roles.contains(role.name) })
        }
        return roles.sorted { $0.name < $1.name }.map { finding($0, context) }
    }

    private static func finding(_ role: AccessRole, _ context: LintContext) -> LintFinding {
        let written = context.policies.filter { $0.policy.roles.contains(role.name) }
        let lost = context.policies.filter { policy, _ in
            policy.roles.contains("authenticated") && !context.catalog.applies(policy, to: role.name)
        }
        var sentences = ["Role \"\(role.name)\" is no role of the API."]
        if !written.isEmpty { sentences.append("\(Self.policies(written)) written TO \(role.name).") }
        sentences.append(
            role.isSettableByAPI
                ? "authenticator may take it on: a token with \"role\": \"\(role.name)\" makes the API run SET ROLE"
                    + " \(role.name)."
                : "authenticator may not take it on: a request whose token says \"role\": \"\(role.name)\" fails with"
                    + " permission denied to set role \"\(role.name)\".")
        sentences.append(
            lost.isEmpty
                ? "Policies TO authenticated apply to it as a member of authenticated."
                : "As \(role.name) none of the \(Self.count(lost)) TO authenticated applies: such a user loses their own rows."
        )
        return LintFinding(
            rule: info,
            object: role.name,
            detail: sentences.joined(separator: " "),
            reach: role.isSettableByAPI
                ? "Reachable by every token whose role claim is \"\(role.name)\"."
                : "Not reachable today: authenticator is no member of it.",
            advice:
                "Keep the token's role authenticated and make administrators rows of public.admin_users (user_id, email,"
                + " role 'admin', status 'active'); policies ask public.is_admin().",
            sql: statements(role, written, context),
            metadata: [
                "name": .text(role.name), "type": .text("role"),
                "policies": .list(written.map { "\($0.table.name): \($0.policy.name)" }),
                "settable_by_authenticator": .flag(role.isSettableByAPI),
            ]
        )
    }

    private static func policies(_ found: [(policy: AccessPolicy, table: AccessRelation)]) -> String {
        let tables = Set(found.map(\.table.name)).sorted().map(\.description).joined(separator: ", ")
        return "\(count(found)) (on \(tables)) \(found.count == 1 ? "is" : "are")"
    }

    private static func count(_ found: [(policy: AccessPolicy, table: AccessRelation)]) -> String {
        found.count == 1 ? "1 policy" : "\(found.count) policies"
    }

    private static func statements(
        _ role: AccessRole,
        _ written: [(policy: AccessPolicy, table: AccessRelation)],
        _ context: LintContext
    ) -> [String] {
        let name = AccessName.quoted(role.name)
        let asks = "(select public.is_admin())"
        let changed = written.map { policy, _ -> String in
            let others = policy.roles.filter { $0 != role.name }
            if !others.isEmpty {
                return "\(policy.alter) to \(others.map(AccessName.quoted).joined(separator: ", "));"
            }
            func clause(_ word: String, _ text: String?) -> String {
                guard let text else { return "" }
                return text == "true" ? " \(word) (\(asks))" : " \(word) (\(asks) and (\(text)))"
            }
            return "\(policy.alter) to authenticated\(clause("using", policy.using?.text))"
                + "\(clause("with check", policy.check?.text));"
        }
        return changed + (role.isSettableByAPI ? ["revoke \(name) from authenticator;"] : [])
    }
}
