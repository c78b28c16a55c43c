/// `0002_auth_users_exposed`: a view of the API shows rows of `auth.users`.
enum AuthUsersExposed: PolicyRule {
    static let info = LintRuleInfo(
        "auth_users_exposed", number: "0002", "Exposed Auth Users", .error,
        summary: "A view or materialized view that the API shows to users reads auth.users.",
        reason: """
            `auth.users` holds e-mail addresses, phone numbers and password hashes of everybody. A view without \
            `security_invoker` reads it with its owner's rights, so every caller sees every user. The path may lead \
            through other views.
            """,
        bad: "create view public.people as select id, email from auth.users;",
        good: "create table public.people (id uuid primary key references auth.users, display_name text);"
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        guard let users = context.catalog.relation(AccessName("auth", "users")) else { return [] }
        return context.ours.compactMap { view in
            guard view.kind == .view || view.kind == .materializedView else { return nil }
            let roles = context.roles(reaching: view)
            guard !roles.isEmpty else { return nil }
            let paths = ViewPaths(context.catalog).paths(from: view, to: users.oid, as: roles)
            guard let path = paths.first(where: { isOpen($0, users) }) else { return nil }
            let names = (path.map(\.name.description) + ["auth.users"]).joined(separator: " → ")
            let kind = view.kind.word
            return LintFinding(
                rule: info,
                object: view.name.description,
                detail: "The \(kind) \(view.name) shows rows of auth.users: \(names).",
                reach: context.reach(of: view),
                advice: "Drop it, or take it from the API; what users may know of each other belongs into a table.",
                sql: ["revoke all on \(view.name.sql) from anon, authenticated;"],
                metadata: context.metadata(view).merging(["exposed_to": .list(roles)]) { $1 }
            )
        }
    }

    /// Whether the last view of a path shows the users' rows to its caller.
    private static func isOpen(_ path: [AccessRelation], _ users: AccessRelation) -> Bool {
        guard let last = path.last else { return false }
        return last.kind == .materializedView || !last.isInvoker || !users.isRowSecurityOn
    }
}
