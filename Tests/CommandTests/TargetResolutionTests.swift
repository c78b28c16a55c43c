import Diagnostics
import PostgresClient
import Testing

@testable import wheels_db

/// A small project: staging, production and a database without a ref.
enum Project {
    static let stagingRef = "abcdefghijklmnopqrst"
    static let productionRef = "tsrqponmlkjihgfedcba"

    static func url(_ ref: String) -> String {
        "postgresql://postgres:secret@db.\(ref).supabase.co:5432/postgres"
    }

    static let configuration: Configuration = {
        var configuration = Configuration(file: "wheels-db.yml")
        configuration.environments = [
            "staging": EnvironmentSettings(urlFrom: "STAGING_URL", ref: stagingRef),
            "production": EnvironmentSettings(urlFrom: "PRODUCTION_URL", ref: productionRef, isProtected: true),
            "own": EnvironmentSettings(urlFrom: "OWN_URL"),
        ]
        return configuration
    }()

    static let variables = [
        "STAGING_URL": url(stagingRef), "PRODUCTION_URL": url(productionRef),
        "OWN_URL": "postgresql://app:secret@db.example.org/app",
    ]

    static let localServer = ConnectionSettings(keywords: [
        "host": "/tmp/local/socket", "dbname": "postgres", "user": "postgres",
    ])
}

@Suite struct TargetResolutionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var url: String?
        var env: String?
        var variables: [String: String] = [:]
        let origin: DatabaseTarget.Origin
        var environment: String?
        var ref: String?
        var isProtected = false
        var isKnown = true
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "nothing named", origin: .localServer, environment: "local"),
        Case(
            name: "DATABASE_URL before local",
            variables: ["DATABASE_URL": "postgresql://a@db.other.org/x"],
            origin: .databaseURLVariable,
            isKnown: false
        ),
        Case(
            name: "WHEELS_ENV before DATABASE_URL",
            variables: ["DATABASE_URL": "postgresql://a@db.other.org/x", "WHEELS_ENV": "staging"],
            origin: .environmentVariable,
            environment: "staging",
            ref: Project.stagingRef
        ),
        Case(
            name: "--env before WHEELS_ENV",
            env: "production",
            variables: ["WHEELS_ENV": "staging"],
            origin: .environmentOption,
            environment: "production",
            ref: Project.productionRef,
            isProtected: true
        ),
        Case(
            name: "--database-url before WHEELS_ENV",
            url: "postgresql://a@db.other.org/x",
            variables: ["WHEELS_ENV": "staging"],
            origin: .databaseURLOption,
            isKnown: false
        ),
        Case(
            name: "the same URL as the named environment",
            url: Project.url(Project.stagingRef),
            env: "staging",
            origin: .databaseURLOption,
            environment: "staging",
            ref: Project.stagingRef
        ),
        Case(
            name: "a URL that the configuration knows by its ref is protected like the environment",
            url: "postgresql://postgres.\(Project.productionRef):x@aws-0-ap.pooler.supabase.com:5432/postgres",
            origin: .databaseURLOption,
            environment: "production",
            ref: Project.productionRef,
            isProtected: true
        ),
        Case(
            name: "a URL that the configuration knows by its place",
            url: "postgresql://other:x@db.example.org:5432/app",
            origin: .databaseURLOption,
            environment: "own"
        ),
        Case(
            name: "another database of a known server is not known",
            url: "postgresql://other:x@db.example.org:5432/other",
            origin: .databaseURLOption,
            isKnown: false
        ),
        Case(name: "local by name", env: "local", origin: .localServer, environment: "local"),
        Case(
            name: "an empty variable counts as unset",
            variables: ["WHEELS_ENV": "", "DATABASE_URL": ""],
            origin: .localServer,
            environment: "local"
        ),
    ]

    private func resolution(_ url: String?, _ env: String?, _ variables: [String: String]) -> TargetResolution {
        TargetResolution(
            databaseURL: url,
            environmentName: env,
            configuration: Project.configuration,
            variables: Project.variables.merging(variables) { _, new in new },
            isInteractive: true,
            localServer: Project.localServer
        )
    }

    @Test(arguments: cases)
    func `follows the order of precedence`(test: Case) throws {
        let target = try resolution(test.url, test.env, test.variables).resolve(for: .writes)
        #expect(target.origin == test.origin)
        #expect(target.environmentName == test.environment)
        #expect(target.ref == test.ref)
        #expect(target.isProtected == test.isProtected)
        #expect(target.isKnown == test.isKnown)
        #expect(!target.banner.contains("secret"))
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let name: String
        var url: String?
        var env: String?
        var variables: [String: String] = [:]
        let code: String
        let exit: ExitStatus
        var testDescription: String { name }
    }

    static let refusals: [Refusal] = [
        Refusal(
            name: "a named environment with another URL",
            url: "postgresql://a@db.other.org/x",
            env: "staging",
            code: "target.contradiction",
            exit: .usage
        ),
        Refusal(
            name: "local with another URL",
            url: "postgresql://a@db.other.org/x",
            env: "local",
            code: "target.contradiction",
            exit: .usage
        ),
        Refusal(name: "a misspelt environment", env: "stagin", code: "target.unknown-environment", exit: .usage),
        Refusal(
            name: "an unset variable",
            env: "staging",
            variables: ["STAGING_URL": ""],
            code: "target.variable-missing",
            exit: .usage
        ),
        Refusal(
            name: "the URL of another project",
            env: "staging",
            variables: ["STAGING_URL": Project.url(Project.productionRef)],
            code: "target.ref-mismatch",
            exit: .refused
        ),
        Refusal(name: "no URL at all", url: "postgresql://%%%", code: "target.unreadable-url", exit: .usage),
    ]

    @Test(arguments: refusals)
    func `refuses contradictions with the right exit code`(test: Refusal) throws {
        let error = try #require(throws: CommandError.self) {
            try resolution(test.url, test.env, test.variables).resolve(for: .reads)
        }
        #expect(error.code == test.code)
        #expect(ExitStatus(error.failureClass) == test.exit)
        #expect(!error.description.contains("secret"))
    }

    @Test(arguments: [(DatabaseEffect.reads, true), (.backsUp, false), (.writes, false)])
    func `off a terminal only reading guesses the local server`(effect: DatabaseEffect, isAllowed: Bool) throws {
        let resolution = TargetResolution(localServer: Project.localServer)
        if isAllowed {
            #expect(try resolution.resolve(for: effect).environmentName == "local")
        } else {
            let error = try #require(throws: CommandError.self) { try resolution.resolve(for: effect) }
            #expect(ExitStatus(error.failureClass) == .usage)
        }
    }

    @Test func `without a local server the remedy starts it`() throws {
        let error = try #require(throws: CommandError.self) { try TargetResolution().resolve(for: .reads) }
        #expect(error.remedy?.command == "wheels-db local start")
        #expect(ExitStatus(error.failureClass) == .unreachable)
    }

    @Test func `the first line names environment, ref, host, database and role`() throws {
        let target = try resolution(nil, "production", [:]).resolve(for: .reads)
        #expect(
            target.banner == "environment production (protected) · ref \(Project.productionRef)"
                + " · host db.\(Project.productionRef).supabase.co:5432 · database postgres · role postgres"
        )
    }
}
