import Diagnostics
import Foundation
import Testing

@testable import ProjectHealth

@Suite("Variables against their rules")
struct EnvironmentCheckTests {
    private static let ref = "tsrqponmlkjihgfedcba"
    private static let stagingRef = "abcdefghijklmnopqrst"
    private static let strangerRef = "zzzzzzzzzzzzzzzzzzzz"
    private static let production = CheckedEnvironment(
        name: "production", ref: ref, otherProjects: [stagingRef: "staging"])

    private func codes(_ rule: VariableRule, _ value: String?, name: String = "NAME") -> [String] {
        let check = EnvironmentCheck(environment: Self.production, now: Date(timeIntervalSince1970: 1_800_000_000))
        let variables = value.map { [name: $0] } ?? [:]
        return check.findings(for: [RequiredVariable(name, rule)], in: variables).map(\.code)
    }

    @Test func `a variable that is not set or empty is missing, once however many rules it has`() {
        #expect(codes(.present, nil) == ["env.missing"])
        #expect(codes(.present, "  ") == ["env.missing"])
        #expect(codes(.present, "x").isEmpty)
        let check = EnvironmentCheck(environment: Self.production, now: .now)
        let rules = [RequiredVariable("A", .minimumLength(32)), RequiredVariable("A", .notEquals(["changeme"]))]
        #expect(check.findings(for: rules, in: [:]).map(\.code) == ["env.missing"])
    }

    @Test func `a forbidden variable may be unset only`() {
        #expect(codes(.forbidden, nil).isEmpty)
        #expect(codes(.forbidden, "1") == ["env.forbidden"])
    }

    @Test(arguments: [
        (VariableRule.equals("false"), "false", "true", "env.wrong-value"),
        (.equals("false"), "false", "False", "env.wrong-value"),
        (.oneOf(["a", "b"]), "b", "c", "env.wrong-value"),
        (.notEquals(["changeme"]), "x", "changeme", "env.refused-value"),
        (.minimumLength(4), "abcd", "abc", "env.too-short"),
        (.url, "https://app.example.org", "app.example.org", "env.no-url"),
        (
            .contains(["https://a.org", "https://b.org"]), "https://b.org/, https://a.org", "https://a.org",
            "env.item-missing"
        ),
        (.contains(["https://a.org"]), #"["https://a.org"]"#, "https://a.org.evil.example", "env.item-missing"),
        (.excludes(["*"]), "https://a.org", "https://a.org,*", "env.item-refused"),
    ])
    func `a value keeps a rule or is found`(rule: VariableRule, good: String, bad: String, code: String) {
        #expect(codes(rule, good).isEmpty)
        #expect(codes(rule, bad) == [code])
    }

    @Test func `a URL of this machine is a warning`() {
        #expect(codes(.url, "http://localhost:8000") == ["env.loopback-url"])
    }

    @Test func `a value with a space or quotes around it is a warning`() {
        #expect(codes(.present, "x\n") == ["env.untrimmed"])
        #expect(codes(.present, "\"x\"") == ["env.untrimmed"])
        #expect(codes(.present, "it's").isEmpty)
    }

    @Test(arguments: [
        "https://\(ref).supabase.co", "postgresql://postgres:pw@db.\(ref).supabase.co:5432/postgres",
        "postgresql://postgres.\(ref):pw@aws-0-ap-southeast-1.pooler.supabase.com:6543/postgres",
        "postgresql+asyncpg://postgres:pw@db.\(ref).supabase.co/postgres", "https://db.\(ref).supabase.co", ref,
        Token.make(role: "anon", ref: ref),
    ])
    func `what leads to the project of the environment keeps the rule ref, and what leads elsewhere is found`(
        value: String
    ) {
        #expect(codes(.ref, value).isEmpty)
        let elsewhere =
            value.contains("eyJ")
            ? Token.make(role: "anon", ref: Self.strangerRef) : value.replacing(Self.ref, with: Self.strangerRef)
        #expect(codes(.ref, elsewhere) == ["env.wrong-project"])
    }

    @Test func `another project that the configuration knows is called by its environment`() throws {
        let check = EnvironmentCheck(environment: Self.production, now: .now)
        let findings = check.findings(
            for: [RequiredVariable("SUPABASE_URL", .ref)],
            in: ["SUPABASE_URL": "https://\(Self.stagingRef).supabase.co"])
        let message = try #require(findings.first).message
        #expect(message.contains("the project of staging"))
        #expect(!message.contains(Self.stagingRef))
    }

    @Test func `a value without a project is no project`() {
        for value in ["https://api.example.org", "localhost", "eyJx.eyJy.z", "postgresql://u:p@10.0.0.1/app"] {
            #expect(codes(.ref, value) == ["env.no-project"], "\(value)")
        }
    }

    @Test func `the anon key in the variable of the service role is found, and the other way round`() {
        let (anon, service) = (Token.make(role: "anon", ref: Self.ref), Token.make(role: "service_role", ref: Self.ref))
        #expect(codes(.ref, anon, name: "SUPABASE_SERVICE_ROLE_KEY") == ["env.wrong-role"])
        #expect(codes(.ref, service, name: "SUPABASE_SERVICE_ROLE_KEY").isEmpty)
        #expect(codes(.ref, service, name: "SUPABASE_ANON_KEY") == ["env.wrong-role"])
        #expect(codes(.key(.serviceRole), anon) == ["env.wrong-role"])
        #expect(codes(.key(.anon), anon).isEmpty)
        #expect(codes(.key(.anon), "sb_secret_abcdefgh") == ["env.wrong-role"])
        #expect(codes(.key(.anon), "sb_publishable_abcdefgh").isEmpty)
        #expect(codes(.key(.anon), "https://\(Self.ref).supabase.co") == ["env.no-key"])
    }

    @Test func `an expired key is found, and one that expires within 30 days is a warning`() {
        func key(_ expires: Double) -> String { Token.make(role: "anon", ref: Self.ref, expires: expires) }
        #expect(codes(.key(.anon), key(1_800_000_000)) == ["env.expired"])
        #expect(codes(.key(.anon), key(1_800_000_000 + 86_400)) == ["env.expires-soon"])
        #expect(codes(.key(.anon), key(1_800_000_000 + 31 * 86_400)).isEmpty)
    }

    @Test func `a service_role key in a variable that browsers load is found without a rule`() {
        let check = EnvironmentCheck(environment: Self.production, now: .now)
        let secret = Token.make(role: "service_role", ref: Self.ref)
        let variables = ["VITE_KEY": secret, "NEXT_PUBLIC_KEY": "sb_secret_x", "SERVER_KEY": secret]
        let findings = check.findings(for: [], in: variables)
        #expect(findings.map(\.subject) == ["NEXT_PUBLIC_KEY", "VITE_KEY"])
        #expect(findings.allSatisfy { $0.code == "env.secret-published" && $0.severity == .error })
    }

    @Test func `a pooler in transaction mode is no database for migrations`() {
        let pooler = "postgresql://postgres.\(Self.ref):pw@aws-0-eu-west-1.pooler.supabase.com"
        #expect(codes(.sessionDatabase, "\(pooler):6543/postgres") == ["env.transaction-pooler"])
        #expect(codes(.sessionDatabase, "\(pooler):5432/postgres").isEmpty)
        #expect(codes(.database, "\(pooler):6543/postgres").isEmpty)
        #expect(codes(.database, "https://\(Self.ref).supabase.co") == ["env.no-database"])
        #expect(
            codes(.database, "postgresql://postgres:pw@db.\(Self.strangerRef).supabase.co/postgres") == [
                "env.wrong-project"
            ])
    }

    @Test func `without a ref in the configuration nothing can be compared, which is a warning`() {
        let check = EnvironmentCheck(environment: CheckedEnvironment(name: "staging"), now: .now)
        let findings = check.findings(
            for: [RequiredVariable("SUPABASE_URL", .ref)], in: ["SUPABASE_URL": "https://\(Self.ref).supabase.co"])
        #expect(findings.map(\.severity) == [.warning])
    }

    @Test func `no finding of any rule shows a value or a part of it`() {
        let check = EnvironmentCheck(environment: Self.production, now: .now)
        let secrets = [
            "s3cr3t-\(UUID().uuidString)", " s3cr3t-padded ",
            Token.make(role: "anon", ref: Self.strangerRef, expires: 1),
            "postgresql://postgres:s3cr3t-word@db.\(Self.strangerRef).supabase.co:6543/postgres",
            "https://\(Self.strangerRef).supabase.co/s3cr3t", "sb_secret_s3cr3t", Self.strangerRef,
        ]
        let rules: [VariableRule] = [
            .present, .forbidden, .equals("false"), .notEquals(secrets), .oneOf(["x"]), .minimumLength(9_999), .url,
            .contains(["x"]), .excludes(["x"]), .ref, .key(.anon), .key(.serviceRole), .database, .sessionDatabase,
        ]
        var count = 0
        for secret in secrets {
            let parts = secret.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "-" }.filter { $0.count > 7 }
            for rule in rules {
                for name in ["NAME", "VITE_NAME", "SUPABASE_SERVICE_ROLE_KEY", "SUPABASE_ANON_KEY"] {
                    let findings = check.findings(for: [RequiredVariable(name, rule)], in: [name: secret])
                    count += findings.count
                    for finding in findings {
                        let text = "\(finding.message) \(finding.remedy?.description ?? "") \(finding.subject ?? "")"
                        let known = ["postgresql", "supabase", "postgres"]
                        for part in parts where !known.contains(String(part)) {
                            #expect(!text.contains(part), "\(rule) shows \(part): \(text)")
                        }
                    }
                }
            }
        }
        #expect(count > 200)
    }
}
