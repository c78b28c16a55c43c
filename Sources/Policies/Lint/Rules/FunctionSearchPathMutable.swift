/// `0011_function_search_path_mutable`: a function whose names mean what the caller wants.
enum FunctionSearchPathMutable: PolicyRule {
    static let info = LintRuleInfo(
        "function_search_path_mutable", number: "0011", "Function Search Path Mutable", .warning,
        summary: "A function does not fix its search_path.",
        reason: """
            Names without a schema are then looked up where the caller says. In a SECURITY DEFINER function that lets a \
            caller put their own table or function in place of the meant one, with the owner's rights. With \
            `set search_path = ''` every name in the body has to carry its schema.
            """,
        bad: "create function public.f() returns int language sql as $$ select count(*)::int from trips $$;",
        good: """
            create function public.f() returns int language sql set search_path = ''
              as $$ select count(*)::int from public.trips $$;
            """
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        context.catalog.routines.compactMap { routine in
            guard AccessCatalog.isOfProject(routine.name.schema), routine.searchPath == nil, routine.language != "c",
                routine.language != "internal"
            else { return nil }
            let kind = routine.isDefiner ? "The SECURITY DEFINER function" : "The function"
            return LintFinding(
                rule: info,
                object: routine.signature,
                detail: "\(kind) \(routine.signature) runs under the search_path of its caller.",
                reach: context.reach(of: routine),
                advice: "Fix the search_path, after every name in the body has its schema.",
                sql: ["alter function \(routine.sql) set search_path = '';"],
                action: info.name,
                metadata: [
                    "schema": .text(routine.name.schema), "name": .text(routine.name.name), "type": .text("function"),
                ],
                cacheKey:
                    "function_search_path_mutable_\(routine.name.schema)_\(routine.name.name)_\(routine.sourceDigest)"
            )
        }
    }
}
