import Diagnostics
import FoundationEssentials
import ProjectHealth
import Testing

@testable import wheels_db

@Suite struct ConfigurationReaderTests {
    @Test func `reads every section of the example`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let path = root.appending(path: "Examples/wheels-db.yml").path
        let configuration = try #require(try ConfigurationFile.load(named: path, in: "/"))

        #expect(configuration.environments.keys.sorted() == ["production", "staging"])
        #expect(configuration.environments["production"]?.isProtected == true)
        #expect(configuration.environments["staging"]?.isProtected == false)
        #expect(configuration.environments["staging"]?.urlFrom == "STAGING_DATABASE_URL")
        #expect(configuration.environments["production"]?.egressPlan == ByteSize(bytes: 5_000_000_000))
        #expect(configuration.environments["production"]?.egressBudget == ByteSize(bytes: 2_000_000_000))
        #expect(configuration.environments["staging"]?.egressPlan == nil)
        #expect(configuration.environments["production"]?.databasePlan == ByteSize(bytes: 500_000_000))
        #expect(configuration.apiSchemas == ["public"])
        #expect(configuration.connections.limit == 60 && configuration.connections.reserved == 3)
        #expect(configuration.connections.margin == 6 && configuration.connections.platform == ["studio": 2])
        #expect(configuration.resources == ["redis": 30])
        #expect(configuration.services["worker"]?.processes == 4)
        #expect(configuration.services["backend"]?.pools.count { $0.resource == "redis" } == 3)
        #expect(configuration.services["worker"]?.surge == 0)
        #expect(configuration.requiredVariables["APP_URL"]?.first?.rule == .url)
        #expect(configuration.requiredVariables["DEBUG"]?.first?.rule == .equals("false"))
        #expect(configuration.requiredVariables["DEBUG"]?.first?.environments == ["production"])
        #expect(configuration.requiredVariables["NODE_ENV"]?.first?.rule == .oneOf(["staging", "production"]))
        #expect(configuration.repository == "s3://example-backups/wheels")
        #expect(configuration.recipients.count == 1)
        #expect(configuration.retention.within == .seconds(604_800))
        #expect(configuration.fullEvery == .seconds(604_800))
        #expect(configuration.recovery == RecoveryTargets(point: .seconds(86_400), time: .seconds(3_600)))
        #expect(configuration.notifications.first?.events == [.failure, .findings])
        #expect(configuration.probes["redis"]?.timeout == .seconds(5))
    }

    @Test func `knows how much a backup may be felt`() throws {
        func settings(_ line: String) throws -> EnvironmentSettings? {
            let text = "environments:\n  production: { url_from: URL, \(line) }\n"
            return try ConfigurationReader.read(text, file: "wheels-db.yml").environments["production"]
        }
        #expect(try settings("max_rate: 2MB, give_way_after: 0s")?.maxRate == ByteSize(bytes: 2_000_000))
        #expect(try settings("max_rate: 2MB, give_way_after: 0s")?.giveWayAfter == .zero)
        #expect(try settings("protected: true")?.giveWayAfter == nil)
        let slow = #expect(throws: CommandError.self) { try settings("max_rate: 10kB") }
        #expect(slow?.summary.contains("at least 64kB") == true)
        let typo = #expect(throws: CommandError.self) { try settings("max_rat: 2MB") }
        let said = (typo?.summary ?? "") + (typo?.remedy?.sentence ?? "")
        #expect(said.contains("max_rate"))
        #expect(throws: (any Error).self) { try LoadOptions.rate("2") }
        #expect(try LoadOptions.rate("64kB") == LoadOptions.leastRate)
    }

    @Test func `the example uses every key of the top level`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "Examples/wheels-db.yml"), encoding: .utf8)
        let lines = text.split(separator: "\n")
        for key in ConfigurationReader.topLevelKeys {
            #expect(lines.contains { $0.hasPrefix("\(key):") }, "\(key)")
        }
    }

    @Test(arguments: ["", "# nothing\n", "---\n", "~"])
    func `an empty file is an empty configuration`(text: String) throws {
        #expect(try ConfigurationReader.read(text, file: "f.yml") == Configuration(file: "f.yml"))
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let text: String
        let code: String
        let place: String
        let says: [String]
        var testDescription: String { text }
    }

    static let mistakes: [Mistake] = [
        Mistake(
            text: "enviroments: {}",
            code: "config.unknown-key",
            place: "f.yml:1:1",
            says: ["unknown key \"enviroments\"", "Did you mean \"environments\"?"]
        ),
        Mistake(
            text: "environments:\n  production:\n    url_from: P\n    proteced: true\n",
            code: "config.unknown-key",
            place: "f.yml:4:5",
            says: ["environments.production", "Did you mean \"protected\"?"]
        ),
        Mistake(
            text: "recovery: {rpo: 24h}",
            code: "config.unknown-key",
            place: "f.yml:1:12",
            says: ["Known keys of recovery: point, time."]
        ),
        Mistake(
            text: "environments:\n  staging:\n    url_from: S\n    protected: yes\n",
            code: "config.wrong-type",
            place: "f.yml:4:16",
            says: ["environments.staging.protected takes true or false"]
        ),
        Mistake(
            text: "environments:\n  staging:\n    url_from: S\n    protected: \"true\"\n",
            code: "config.wrong-type",
            place: "f.yml:4:16",
            says: ["true or false"]
        ),
        Mistake(
            text: "connections:\n  limit: many\n",
            code: "config.wrong-type",
            place: "f.yml:2:10",
            says: ["connections.limit takes a whole number"]
        ),
        Mistake(
            text: "connections: {limit: 0}",
            code: "config.wrong-type",
            place: "f.yml:1:22",
            says: ["from 1 to 10000"]
        ),
        Mistake(
            text: "api_schemas: public",
            code: "config.wrong-type",
            place: "f.yml:1:14",
            says: ["api_schemas takes a list"]
        ),
        Mistake(
            text: "environments: [staging]",
            code: "config.wrong-type",
            place: "f.yml:1:15",
            says: ["a mapping, and has a list"]
        ),
        Mistake(
            text: "environments:\n  staging: {ref: abc}\n",
            code: "config.missing-key",
            place: "f.yml:2:3",
            says: ["environments.staging needs the key \"url_from\""]
        ),
        Mistake(
            text: "environments:\n  staging: {url_from: \"postgresql://db.example.org/x\"}\n",
            code: "config.wrong-variable",
            place: "f.yml:2:23",
            says: ["the name of an environment variable"]
        ),
        Mistake(text: "full_every: week", code: "config.wrong-type", place: "f.yml:1:13", says: ["90s, 15m, 24h"]),
        Mistake(text: "repository:\n", code: "config.wrong-type", place: "f.yml:1:12", says: ["has nothing"]),
        Mistake(
            text: "notifications:\n  - url_from: HOOK\n    on: [failures]\n",
            code: "config.unknown-value",
            place: "f.yml:3:10",
            says: ["Did you mean failure?"]
        ),
        Mistake(
            text:
                "services:\n  api:\n    pools: [{name: a, size: 1, resource: reddis}]\nresources: {redis: {limit: 3}}\n",
            code: "config.undeclared-name",
            place: "f.yml:2:3",
            says: ["Did you mean \"redis\"?"]
        ),
        Mistake(
            text: "required_variables:\n  A: {equals: x, one_of: [y]}\n",
            code: "config.two-rules",
            place: "f.yml:2:6",
            says: ["2 rules"]
        ),
        Mistake(
            text: "required_variables:\n  A: [present, {min_length: 3}, {nott_equals: x}]\n",
            code: "config.unknown-key",
            place: "f.yml:2:34",
            says: ["Did you mean \"not_equals\"?"]
        ),
        Mistake(
            text: "required_variables:\n  A: {key: admin}\n", code: "config.unknown-value", place: "f.yml:2:12",
            says: ["anon, service_role"]),
        Mistake(
            text: "services: {backend: {}}\nrequired_variables:\n  A: {rule: url, services: [backnd]}\n",
            code: "config.undeclared-name", place: "f.yml:3:3", says: ["Did you mean \"backend\"?"]),
        Mistake(text: "recipients: [ssh-ed25519]", code: "config.wrong-recipient", place: "f.yml:1:14", says: ["age1"]),
        Mistake(text: "a: b: c", code: "config.unreadable", place: "f.yml:1:5", says: []),
        Mistake(
            text: "retention: {last: 1}\nretention: {last: 2}\n", code: "config.duplicate-key", place: "", says: []),
    ]

    @Test func `reads every rule of a variable`() throws {
        let text = """
            environments: {production: {url_from: URL}}
            required_variables:
              A: [present, forbidden, url, ref, database, session_database]
              B:
                - {equals: x}
                - {not_equals: x}
                - {not_equals: [x, y]}
                - {one_of: [x, y]}
                - {contains: x}
                - {excludes: [x]}
                - {min_length: 32}
                - {key: service_role}
              C: {rule: url, environments: [production], services: [web]}
            """
        let required = try ConfigurationReader.read(text, file: "f.yml").requiredVariables
        #expect(
            required["A"]?.map(\.rule) == [.present, .forbidden, .url, .ref, .database, .sessionDatabase])
        #expect(
            required["B"]?.map(\.rule) == [
                .equals("x"), .notEquals(["x"]), .notEquals(["x", "y"]), .oneOf(["x", "y"]), .contains(["x"]),
                .excludes(["x"]), .minimumLength(32), .key(.serviceRole),
            ])
        #expect(
            required["C"] == [VariableRequirement(rule: .url, environments: ["production"], services: ["web"])])
    }

    @Test(arguments: mistakes)
    func `names place, key and the nearest known key`(mistake: Mistake) throws {
        let error = try #require(throws: CommandError.self) {
            try ConfigurationReader.read(mistake.text, file: "f.yml")
        }
        #expect(error.code == mistake.code)
        #expect(error.failureClass == .usage)
        if !mistake.place.isEmpty { #expect(error.span?.description == mistake.place) }
        for words in mistake.says { #expect(error.description.contains(words), "\(error.description)") }
    }

    @Test(arguments: [
        "repository: s3://user:hunter2hunter2@host/bucket",
        "environments: {a: {url_from: \"postgresql://postgres:hunter2hunter2@db.example.org/postgres\"}}",
        "environments: {a: {url_from: \"host=db password=hunter2hunter2\"}}",
        "recipients: [AGE-SECRET-KEY-1HUNTER2HUNTER2]",
        "required_variables: {KEY: {equals: sb_secret_hunter2hunter2}}",
        "required_variables: {KEY: {equals: eyJhbGciOiJI.hunter2hunter2.hunter2hunter2}}",
    ])
    func `refuses a secret without repeating it`(text: String) throws {
        let error = try #require(throws: CommandError.self) { try ConfigurationReader.read(text, file: "f.yml") }
        #expect(error.code == "config.secret")
        let shown = ErrorText.render(error, usesColor: false)
        #expect(!shown.lowercased().contains("hunter2"), "\(shown)")
    }

    @Test func `the value beside an unknown key is not shown`() throws {
        let error = try #require(throws: CommandError.self) {
            try ConfigurationReader.read("password: hunter2", file: "f.yml")
        }
        #expect(!ErrorText.render(error, usesColor: false).contains("hunter2"))
    }

    @Test(arguments: [("/a/b/c", "/a"), ("/a", "/a"), ("/", "/")])
    func `looks up to the root of the repository`(directory: String, root: String) {
        let paths = ConfigurationFile.candidates(from: directory) { $0 == root }
        #expect(paths.last == (root == "/" ? "/wheels-db.yml" : "\(root)/wheels-db.yml"))
        #expect(paths.first == (directory == "/" ? "/wheels-db.yml" : "\(directory)/wheels-db.yml"))
    }

    @Test func `outside a repository only the working directory counts`() {
        #expect(ConfigurationFile.candidates(from: "/tmp/x/y") { _ in false } == ["/tmp/x/y/wheels-db.yml"])
    }

    @Test func `a missing file that was named is a usage error`() throws {
        let error = try #require(throws: CommandError.self) {
            try ConfigurationFile.load(named: "/nowhere/wheels-db.yml", in: "/")
        }
        #expect(error.failureClass == .usage)
    }
}

@Suite struct NearestNameTests {
    @Test(arguments: [
        ("enviroments", "environments"), ("protcted", "protected"), ("url-from", "url_from"),
        ("retentoin", "retention"),
        ("Repository", "repository"), ("pool", "pools"), ("recover", "recovery"),
    ])
    func `finds what was meant`(name: String, expected: String) {
        let known = ConfigurationReader.topLevelKeys + ["protected", "url_from", "pools"]
        #expect(NearestName.match(for: name, among: known) == expected)
    }

    @Test(arguments: ["x", "colour", "password", "rpo"])
    func `says nothing when nothing is near`(name: String) {
        #expect(NearestName.match(for: name, among: ["environments", "services", "point", "time"]) == nil)
    }
}
