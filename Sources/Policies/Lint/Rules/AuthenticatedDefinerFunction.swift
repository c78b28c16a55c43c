/// `0029_authenticated_security_definer_function_executable`: users run a function with its owner's rights.
enum AuthenticatedDefinerFunction: PolicyRule {
    static let info = LintRuleInfo(
        "authenticated_security_definer_function_executable", number: "0029",
        "SECURITY DEFINER Function Executable by Authenticated", .warning,
        summary: "Role authenticated may call a SECURITY DEFINER function through the API.",
        reason: """
            Everybody with an e-mail address is `authenticated`. A function that policies use has to be executable by \
            them; one that tells about others, or changes something without asking who calls, must not be. Each that \
            stays needs a written reason.
            """,
        bad: """
            create function public.member_of(p_group uuid, p_user uuid) returns boolean language sql security definer
              set search_path = '' as $$ select exists (select from public.members where user_id = p_user) $$;
            """,
        good: """
            create function private.is_member(p_group uuid) returns boolean language sql stable security definer
              set search_path = '' as $$ select exists (select from public.members where user_id = auth.uid()) $$;
            """
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        AnonDefinerFunction.findings(of: "authenticated", info, in: context)
    }
}
