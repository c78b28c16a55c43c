/// `api_role_can_truncate`: rights that no user needs and no policy limits.
enum APIRoleCanTruncate: PolicyRule {
    static let info = LintRuleInfo(
        "api_role_can_truncate", "API Role Can Truncate", .warning,
        summary: "anon, authenticated or PUBLIC holds TRUNCATE, REFERENCES or TRIGGER on a table.",
        reason: """
            Supabase's default privileges give new tables to the API's roles with all rights, and since 2026 still with \
            these three. No policy applies to TRUNCATE: who holds it can empty the table. The data API has no verb for \
            it, so it takes a function or another way to run SQL as that role; nobody needs the right.
            """,
        bad: "grant all on public.trips to authenticated;",
        good: "grant select, insert, update, delete on public.trips to authenticated;"
    )

    private static let rights: [(letter: Character, word: String)] = [
        ("D", "TRUNCATE"), ("x", "REFERENCES"), ("t", "TRIGGER"),
    ]

    static func findings(in context: LintContext) -> [LintFinding] {
        context.ours.filter { AccessCatalog.isOfProject($0.name.schema) }.compactMap { relation in
            let held = holders(of: relation, context)
            guard !held.isEmpty else { return nil }
            let who = held.map { "\($0.role) holds \($0.words.joined(separator: ", "))" }.joined(separator: "; ")
            let schema = AccessName.quoted(relation.name.schema)
            return LintFinding(
                rule: info,
                object: relation.name.description,
                detail: "\(relation.name): \(who).",
                reach: context.reach(of: relation),
                advice: "Take these rights from all tables at once, and from those to come.",
                sql: [
                    "revoke truncate, references, trigger on all tables in schema \(schema) from anon, authenticated, public;",
                    "alter default privileges in schema \(schema) revoke truncate, references, trigger on tables from anon,"
                        + " authenticated;",
                ],
                action: info.name,
                metadata: context.metadata(relation).merging(["roles": .list(held.map(\.role))]) { $1 }
            )
        }
    }

    private static func holders(of relation: AccessRelation, _ context: LintContext) -> [(
        role: String, words: [String]
    )] {
        let ofPublic = context.catalog.publicRights[relation.oid] ?? []
        let each = AccessRole.ofUsers.map { ($0, context.catalog.rights(of: $0, on: relation).letters) }
        let all = ofPublic.isDisjoint(with: rights.map(\.letter)) ? each : [("PUBLIC", ofPublic)]
        return all.compactMap { role, letters in
            let words = rights.filter { letters.contains($0.letter) }.map(\.word)
            return words.isEmpty ? nil : (role, words)
        }
    }
}
