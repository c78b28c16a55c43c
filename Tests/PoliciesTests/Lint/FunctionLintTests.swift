import Policies
import PostgresClient
import PostgresTesting
import Testing

@Suite("Lint: functions and extensions", .tags(.server))
struct FunctionLintTests {
    @Test(.scratchDatabase) func `a function that leaves its search_path to the caller is found`() async throws {
        let report = try await LintBench.lint(
            """
            create function public.abc() returns int language sql as $$ select 1 $$;
            create function public.fixed() returns int language sql set search_path = '' as $$ select 1 $$;
            create function public.fixed_to_public() returns int language sql set search_path = public as $$ select 1 $$;
            """)
        #expect(report.objects("function_search_path_mutable") == ["public.abc()"])
        #expect(
            report.of("function_search_path_mutable").first?.cacheKey
                .hasPrefix("function_search_path_mutable_public_abc_") == true)
        let cured = try await LintBench.cured(report, "function_search_path_mutable")
        #expect(cured.objects("function_search_path_mutable") == [])
    }

    @Test(.scratchDatabase) func `definer functions are found for who may call them, overloads each`() async throws {
        let report = try await LintBench.lint(
            """
            create function public.priv_op(target int) returns int language sql security definer set search_path = ''
              as $$ select target $$;
            create function public.priv_op(target int, label text) returns int language sql security definer
              set search_path = '' as $$ select target $$;
            create function public.users_only() returns int language sql security definer set search_path = ''
              as $$ select 1 $$;
            revoke execute on function public.users_only() from public, anon;
            grant execute on function public.users_only() to authenticated;
            create function public.plain() returns int language sql set search_path = '' as $$ select 1 $$;
            create function public.on_write() returns trigger language plpgsql security definer set search_path = ''
              as $$ begin return new; end $$;
            create schema private;
            create function private.hidden() returns int language sql security definer set search_path = ''
              as $$ select 1 $$;
            """)
        #expect(
            report.objects("anon_security_definer_function_executable") == [
                "public.priv_op(integer)", "public.priv_op(integer,text)",
            ])
        #expect(
            report.objects("authenticated_security_definer_function_executable") == [
                "public.priv_op(integer)", "public.priv_op(integer,text)", "public.users_only()",
            ])
        #expect(
            report.of("anon_security_definer_function_executable").map(\.metadata["arguments"]) == [
                .text("target integer"), .text("target integer, label text"),
            ])
        let cured = try await LintBench.cured(report, "anon_security_definer_function_executable")
        #expect(cured.objects("anon_security_definer_function_executable") == [])
    }

    @Test(.scratchDatabase) func `an extension in public is found, in extensions it is not`() async throws {
        let report = try await LintBench.lint("create extension citext with schema public", asSuperuser: true)
        #expect(report.objects("extension_in_public") == ["citext"])
        let cured = try await LintBench.cured(report, "extension_in_public", asSuperuser: true)
        #expect(cured.objects("extension_in_public") == [])
    }
}
