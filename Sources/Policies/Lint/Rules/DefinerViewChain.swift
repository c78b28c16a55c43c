/// `definer_view_chain`: a careful view over a careless one.
enum DefinerViewChain: PolicyRule {
    static let info = LintRuleInfo(
        "definer_view_chain", "Definer View Chain", .error,
        summary: "A security_invoker view of the API reads another view that shows rows with its owner's rights.",
        reason: """
            `security_invoker` holds for the view it stands on, not for the views below. When one of those has it not, or \
            is a materialized view, the caller gets all rows of the tables below, although the view they ask looks safe \
            and the other one stands in a schema that the API does not expose.
            """,
        bad: """
            create view private.all_trips as select * from public.trips;
            create view public.trip_list with (security_invoker = true) as select * from private.all_trips;
            """,
        good: "alter view private.all_trips set (security_invoker = true);"
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        context.ours.compactMap { view in
            let roles = context.roles(reaching: view)
            guard view.kind == .view, view.isInvoker, !roles.isEmpty else { return nil }
            var chain: [AccessRelation]?
            var hidden: [String] = []
            ViewPaths(context.catalog).walk([view], roles) { path in
                guard chain == nil, path.count > 1, let last = path.last, !last.isInvoker else { return }
                let below = last.dependencies.compactMap { context.catalog.relation($0) }
                let guarded = below.filter { $0.isRowSecurityOn || $0.name == AccessName("auth", "users") }
                if guarded.isEmpty { return }
                chain = path
                hidden = guarded.map(\.name.description).sorted()
            }
            guard let chain, let last = chain.last else { return nil }
            let tables = hidden.joined(separator: ", ")
            let names = (chain.map(\.name.description) + [tables]).joined(separator: " → ")
            let isStored = last.kind == .materializedView
            return LintFinding(
                rule: info,
                object: view.name.description,
                detail: "\(view.name) shows rows of \(tables) that policies hide from the caller: \(names)."
                    + " \(last.name) \(isStored ? "is a materialized view" : "reads as \(last.owner)").",
                reach: context.reach(of: view),
                advice: isStored
                    ? "Take the right to read it away." : "Let every view on the way read with the caller's rights.",
                sql: [
                    isStored
                        ? "revoke all on \(last.name.sql) from anon, authenticated;"
                        : "alter view \(last.name.sql) set (security_invoker = true);"
                ],
                metadata: context.metadata(view).merging(["chain": .list(chain.map(\.name.description))]) { $1 }
            )
        }
    }
}
