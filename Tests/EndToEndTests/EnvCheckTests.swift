import Foundation
import Testing

@Suite("env check")
struct EnvCheckTests {
    private static let production = "tsrqponmlkjihgfedcba"
    private static let staging = "abcdefghijklmnopqrst"

    /// A place with the example's configuration.
    private func workplace() throws -> Workplace {
        let work = try Workplace()
        let example = Workplace.package.appendingPathComponent("Examples/wheels-db.yml")
        try work.write(try Data(contentsOf: example), to: "wheels-db.yml")
        return work
    }

    private static func key(_ role: String, _ ref: String) -> String {
        func part(_ text: String) -> String {
            Data(text.utf8).base64EncodedString().replacing("=", with: "").replacing("+", with: "-")
                .replacing("/", with: "_")
        }
        let claims = #"{"role":"\#(role)","ref":"\#(ref)","exp":4000000000}"#
        return "\(part(#"{"alg":"HS256"}"#)).\(part(claims)).c2lnbmF0dXJl"
    }

    /// What production needs, as it should be.
    private static let right: [String: String] = [
        "APP_URL": "https://app.example.org", "DEBUG": "false", "NODE_ENV": "production", "ENVIRONMENT": "production",
        "VITE_USE_AI_SDK_PAM": "true",
        "CORS_ORIGINS": "https://app.example.org,https://www.example.org,https://staging.example.org",
        "SUPABASE_URL": "https://\(production).supabase.co", "SUPABASE_ANON_KEY": key("anon", production),
        "SUPABASE_SERVICE_ROLE_KEY": key("service_role", production),
        "VITE_SUPABASE_URL": "https://\(production).supabase.co", "VITE_SUPABASE_ANON_KEY": key("anon", production),
        "DATABASE_URL": "postgresql://postgres:pw-hunter2@db.\(production).supabase.co:5432/postgres",
        "SECRET_KEY": "0123456789abcdef0123456789abcdef",
    ]

    private func check(
        _ change: [String: String?] = [:],
        _ arguments: [String] = ["--env", "production"]
    ) async throws -> WheelsProgram.Outcome {
        let variables = Self.right.merging(change.compactMapValues(\.self)) { $1 }
            .filter { change[$0.key] != .some(nil) }
        let work = try workplace()
        defer { withExtendedLifetime(work) {} }
        return try await work.program.run(["env", "check"] + arguments, adding: variables)
    }

    private func codes(_ outcome: WheelsProgram.Outcome) throws -> [String] {
        let findings = try outcome.json()["findings"] as? [[String: Any]] ?? []
        return findings.compactMap { finding in
            (finding["code"] as? String).map { "\(finding["subject"] as? String ?? "?") \($0)" }
        }
    }

    @Test func `an environment that is as it should be ends with 0`() async throws {
        let outcome = try await check()
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.output.contains("13 variables checked for production: all as required."), "\(outcome)")
    }

    @Test(arguments: ["APP_URL", "DEBUG", "NODE_ENV", "ENVIRONMENT", "VITE_USE_AI_SDK_PAM"])
    func `each of the five without which the app does not start is missed`(name: String) async throws {
        for value in [String?.none, ""] {
            let outcome = try await check([name: value], ["--env", "production", "--json"])
            #expect(outcome.status == 2, "\(outcome)")
            #expect(try codes(outcome) == ["\(name) env.missing"])
        }
    }

    @Test(arguments: [
        ("DEBUG", "true", "env.wrong-value"), ("ENVIRONMENT", "staging", "env.wrong-value"),
        ("CORS_ORIGINS", "https://app.example.org,https://www.example.org", "env.item-missing"),
        ("SUPABASE_URL", "https://abcdefghijklmnopqrst.supabase.co", "env.wrong-project"),
        ("SUPABASE_ANON_KEY", key("anon", staging), "env.wrong-project"),
        ("SUPABASE_SERVICE_ROLE_KEY", key("anon", production), "env.wrong-role"),
        ("VITE_SUPABASE_ANON_KEY", key("anon", "zzzzzzzzzzzzzzzzzzzz"), "env.wrong-project"),
        ("DATABASE_URL", "postgresql://postgres:pw@db.abcdefghijklmnopqrst.supabase.co/postgres", "env.wrong-project"),
        (
            "DATABASE_URL",
            "postgresql://postgres.tsrqponmlkjihgfedcba:pw@aws-0-eu-west-1.pooler.supabase.com:6543/postgres",
            "env.transaction-pooler"
        ),
        ("SECRET_KEY", "changeme", "env.too-short"),
    ])
    func `a mistake that took the app down before is found`(name: String, value: String, code: String) async throws {
        let outcome = try await check([name: value], ["--env", "production", "--json"])
        #expect(outcome.status == 2, "\(outcome)")
        #expect(try codes(outcome).contains("\(name) \(code)"), "\(outcome)")
        #expect(try codes(outcome).allSatisfy { $0.hasPrefix(name + " ") }, "\(outcome)")
    }

    @Test func `a service_role key that browsers would load is found`() async throws {
        let outcome = try await check(["VITE_OTHER": Self.key("service_role", Self.production)])
        #expect(outcome.status == 2 && outcome.errors.contains("env.secret-published"), "\(outcome)")
    }

    @Test func `no value of any variable occurs in any output`() async throws {
        let stranger = "zzzzzzzzzzzzzzzzzzzz"
        let wrong: [String: String] = [
            "APP_URL": "no-url-hunter2", "DEBUG": "hunter2-debug", "NODE_ENV": "hunter2-node",
            "ENVIRONMENT": "hunter2-environment", "VITE_USE_AI_SDK_PAM": "hunter2-pam",
            "CORS_ORIGINS": "https://hunter2.example.org", "SUPABASE_URL": "https://\(stranger).supabase.co",
            "SUPABASE_ANON_KEY": Self.key("service_role", stranger),
            "SUPABASE_SERVICE_ROLE_KEY": Self.key("hunter2", stranger), "VITE_SUPABASE_URL": "\"hunter2\"",
            "VITE_SUPABASE_ANON_KEY": "sb_secret_hunter2",
            "DATABASE_URL": "postgresql://hunter2:hunter2@db.\(stranger).supabase.co:6543/hunter2",
            "SECRET_KEY": " hunter2 ",
        ]
        let work = try workplace()
        defer { withExtendedLifetime(work) {} }
        let program = work.program
        for more in [[], ["--json"], ["--verbose"], ["--", "true"], ["--service", "backend"]] {
            let outcome = try await program.run(["env", "check", "--env", "production"] + more, adding: wrong)
            #expect(outcome.status == 2, "\(outcome)")
            let shown = outcome.output + outcome.errors
            #expect(!shown.contains("hunter2") && !shown.contains(stranger), "\(outcome)")
            for value in wrong.values { #expect(!shown.contains(value), "\(value): \(outcome)") }
        }
        // Which environment it is may come from a variable: it is not repeated either.
        let unknown = try await program.run(["env", "check"], adding: wrong)
        #expect(unknown.status == 64 && !(unknown.output + unknown.errors).contains("hunter2"), "\(unknown)")
        let lines = wrong.map { "\($0.key)=\($0.value)" } + ["hunter2 is no assignment"]
        try Data(lines.joined(separator: "\n").utf8).write(to: program.folder.appendingPathComponent("a.env"))
        let file = try await program.run(["env", "check", "--env", "production", "--dotenv", "a.env"])
        #expect(file.status == 64 && !(file.output + file.errors).contains("hunter2"), "\(file)")
    }

    @Test func `the environment comes from --env, WHEELS_ENV or ENVIRONMENT, and has to be known`() async throws {
        #expect(try await check([:], []).status == 0)
        #expect(try await check(["WHEELS_ENV": "staging"], []).errors.contains("ENVIRONMENT is not \"staging\""))
        #expect(try await check(["ENVIRONMENT": nil], []).status == 64)
        let misspelt = try await check([:], ["--env", "producton"])
        #expect(misspelt.status == 64 && misspelt.errors.contains("production"), "\(misspelt)")
    }

    @Test func `before a start command it starts the program in its own place, or does not`() async throws {
        let script = "echo out; echo \"$SECRET_KEY\" | wc -c; exit 7"
        let started = try await check([:], ["--env", "production", "--", "sh", "-c", script])
        #expect(started.status == 7, "\(started)")
        #expect(started.output == "out\n33\n", "\(started)")
        let refused = try await check(["DEBUG": "true"], ["--env", "production", "--", "sh", "-c", script])
        #expect(refused.status == 2 && !refused.output.contains("out"), "\(refused)")
        let nowhere = try await check([:], ["--env", "production", "--", "no-such-program"])
        #expect(nowhere.status == 1 && nowhere.errors.contains("cannot be started"), "\(nowhere)")
    }

    @Test func `the started program has this process's number, and can be stopped`() async throws {
        let work = try workplace()
        let run = try work.program.start(
            ["env", "check", "--env", "production", "--", "sh", "-c", "echo $$ >&2; exec sleep 60"], adding: Self.right)
        #expect(try await eventually(within: .seconds(20)) { run.errorsSoFar.contains("\(run.pid)\n") })
        run.send(SIGTERM)
        #expect(try await run.outcome().status == 128 + SIGTERM)
    }

    @Test func `a file is checked instead of the process's variables`() async throws {
        let work = try workplace()
        let lines = Self.right.map { $0.key == "DEBUG" ? "DEBUG=true" : "\($0.key)=\"\($0.value)\"" }
        try work.write(lines.joined(separator: "\n"), to: ".env.production")
        let outcome = try await work.program.run(
            ["env", "check", "--dotenv", ".env.production", "--json"], adding: ["DEBUG": "false"])
        #expect(outcome.status == 2, "\(outcome)")
        #expect(try codes(outcome) == ["DEBUG env.wrong-value"])
        let both = try await work.program.run(["env", "check", "--dotenv", ".env.production", "--", "true"])
        #expect(both.status == 64, "\(both)")
    }

    @Test func `a service is asked only for what it needs`() async throws {
        let work = try Workplace()
        try work.write(
            """
            environments:
              production: { url_from: URL }
            services:
              worker: {}
            required_variables:
              A: present
              B: { rule: present, services: [worker] }
              C: { rule: present, services: [frontend] }
            """, to: "wheels-db.yml")
        func run(_ more: [String]) async throws -> WheelsProgram.Outcome {
            try await work.program.run(["env", "check", "--env", "production", "--json"] + more, adding: ["A": "1"])
        }
        #expect(try codes(await run(["--service", "worker"])) == ["B env.missing"])
        #expect(try codes(await run(["--service", "frontend"])) == ["C env.missing"])
        #expect(try codes(await run([])) == ["B env.missing", "C env.missing"])
        let misspelt = try await run(["--service", "wroker"])
        #expect(misspelt.status == 64 && misspelt.errors.contains("worker"), "\(misspelt)")
    }

    @Test func `a check that checks nothing does not pass`() async throws {
        let work = try Workplace()
        #expect(try await work.program.run(["env", "check", "--env", "production"]).status == 64)
        try work.write("environments: { production: { url_from: URL } }\n", to: "wheels-db.yml")
        let outcome = try await work.program.run(["env", "check", "--env", "production", "--", "true"])
        #expect(outcome.status == 64, "\(outcome)")
    }
}
