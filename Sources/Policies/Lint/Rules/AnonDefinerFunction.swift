/// `0028_anon_security_definer_function_executable`: strangers run a function with its owner's rights.
enum AnonDefinerFunction: PolicyRule {
    static let info = LintRuleInfo(
        "anon_security_definer_function_executable", number: "0028",
        "SECURITY DEFINER Function Executable by Anon", .warning,
        summary: "Role anon may call a SECURITY DEFINER function through the API.",
        reason: """
            The function runs as its owner and passes by every policy, and everybody on the internet can call it by \
            `POST /rest/v1/rpc/name`. A new function is executable by PUBLIC unless that is revoked, so most such grants \
            are nobody's intention. Functions of triggers are left out: they cannot be called.
            """,
        bad: """
            create function public.grant_trial(p_user uuid) returns void language sql security definer
              set search_path = '' as $$ update public.user_subscriptions set status = 'trial' where user_id = p_user $$;
            """,
        good: "revoke execute on function public.grant_trial(uuid) from public, anon;"
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        findings(of: "anon", info, in: context)
    }

    /// The definer functions of the API that a role may call.
    static func findings(of role: String, _ info: LintRuleInfo, in context: LintContext) -> [LintFinding] {
        context.catalog.routines.compactMap { routine in
            guard routine.isDefiner, AccessCatalog.isOfProject(routine.name.schema),
                context.roles(calling: routine).contains(role)
            else { return nil }
            return LintFinding(
                rule: info,
                object: routine.signature,
                detail: "\(role) may call \(routine.signature), which runs as \(routine.owner).",
                reach: context.reach(of: routine),
                advice: "Take the right away from whom it was not meant for. What only policies call belongs into a"
                    + " schema that the API does not expose.",
                sql: ["revoke execute on function \(routine.sql) from public, \(role);"],
                action: info.name,
                metadata: [
                    "schema": .text(routine.name.schema), "name": .text(routine.name.name),
                    "arguments": .text(routine.arguments), "language": .text(routine.language),
                    "type": .text("function"),
                    "security_definer": .flag(true),
                ],
                cacheKey: "\(info.name)_\(routine.name.schema)_\(routine.name.name)_\(routine.arguments)"
            )
        }
    }
}
