import Diagnostics
import PostgresClient
import Testing

@testable import wheels_db

@Suite struct ChangeGuardTests {
    enum Database: Sendable, CaseIterable {
        case loopback
        case known
        case unknown
        case protected

        var target: DatabaseTarget {
            let host = self == .loopback ? "127.0.0.1" : "db.\(Project.stagingRef).supabase.co"
            return DatabaseTarget(
                origin: .databaseURLOption,
                environmentName: self == .known || self == .protected ? "named" : nil,
                settings: ConnectionSettings(keywords: ["host": host, "dbname": "app", "user": "u"]),
                ref: self == .loopback ? nil : Project.stagingRef,
                isProtected: self == .protected,
                isKnown: self == .known || self == .protected
            )
        }
    }

    enum Outcome: Sendable {
        case allowed
        case types
        case agrees
        case refused
        case usage
    }

    private func outcome(_ verdict: ChangeGuard.Verdict) -> Outcome {
        switch verdict {
        case .allowed: .allowed
        case .mustType: .types
        case .mustAgree: .agrees
        case .refused(_, _, _, let failureClass): failureClass == .usage ? .usage : .refused
        }
    }

    /// Database, destructive, on a terminal, --yes, and what happens.
    static let matrix: [(Database, Bool, Bool, Bool, Outcome)] = [
        (.loopback, false, false, false, .allowed), (.loopback, false, true, false, .allowed),
        (.loopback, true, false, false, .usage), (.loopback, true, false, true, .allowed),
        (.loopback, true, true, false, .agrees), (.loopback, true, true, true, .allowed),
        (.known, false, false, false, .allowed), (.known, true, false, false, .usage),
        (.known, true, false, true, .allowed), (.known, true, true, false, .agrees),
        (.unknown, false, false, false, .refused), (.unknown, false, false, true, .refused),
        (.unknown, true, false, true, .refused), (.unknown, false, true, true, .types),
        (.protected, false, false, false, .refused), (.protected, false, false, true, .refused),
        (.protected, true, false, true, .refused), (.protected, false, true, true, .types),
        (.protected, true, true, false, .types),
    ]

    @Test(arguments: matrix)
    func `asks as much as the database deserves`(
        database: Database,
        isDestructive: Bool,
        isInteractive: Bool,
        saysYes: Bool,
        expected: Outcome
    ) {
        let guardian = ChangeGuard(saysYes: saysYes, isInteractive: isInteractive, isDestructive: isDestructive)
        #expect(outcome(guardian.verdict(on: database.target)) == expected)
    }

    @Test(arguments: Database.allCases)
    func `the right --confirm allows and a wrong one refuses`(database: Database) {
        let word = database.target.confirmationWord
        #expect(word == (database == .loopback ? "app" : Project.stagingRef))
        for isInteractive in [true, false] {
            let right = ChangeGuard(confirmation: word, isInteractive: isInteractive, isDestructive: true)
            #expect(right.verdict(on: database.target) == .allowed)
            let wrong = ChangeGuard(saysYes: true, confirmation: "other", isInteractive: isInteractive)
            #expect(outcome(wrong.verdict(on: database.target)) == .refused)
        }
    }

    @Test func `a protected environment behind a tunnel stays protected`() {
        let target = DatabaseTarget(
            origin: .environmentOption,
            environmentName: "production",
            settings: ConnectionSettings(keywords: ["host": "localhost"]),
            ref: Project.productionRef,
            isProtected: true,
            isKnown: true
        )
        #expect(outcome(ChangeGuard(saysYes: true).verdict(on: target)) == .refused)
    }
}

@Suite struct TransportGuardTests {
    private func target(_ keywords: [String: String]) -> DatabaseTarget {
        DatabaseTarget(
            origin: .databaseURLOption,
            environmentName: nil,
            settings: ConnectionSettings(keywords: keywords),
            ref: nil,
            isProtected: false,
            isKnown: false
        )
    }

    @Test(
        arguments: [
            (nil, "require"), ("disable", "require"), ("allow", "require"), ("prefer", "require"),
            ("require", "require"),
            ("verify-ca", "verify-ca"), ("verify-full", "verify-full"),
        ] as [(String?, String)])
    func `no mode that can end in plain text leaves this machine`(mode: String?, expected: String) {
        var keywords = ["host": "db.example.org"]
        keywords["sslmode"] = mode
        let decision = TransportGuard.apply(to: target(keywords), allowsPlaintext: false)
        #expect(decision.settings.keywords["sslmode"] == expected)
        let allowed = TransportGuard.apply(to: target(keywords), allowsPlaintext: true)
        #expect(allowed.settings.keywords["sslmode"] == mode)
    }

    @Test(
        arguments: [
            (["host": "localhost"], true), (["host": "/tmp"], true), ([:], true), (["host": "::1"], true),
            (["host": "db.example.org"], false), (["host": "localhost", "hostaddr": "10.0.0.1"], false),
            (["service": "production"], false), (["host": "localhost,db.example.org"], false),
        ] as [([String: String], Bool)])
    func `only this machine counts as loopback`(keywords: [String: String], isLoopback: Bool) {
        #expect(target(keywords).isLoopback == isLoopback)
        let decision = TransportGuard.apply(to: target(keywords), allowsPlaintext: false)
        #expect((decision.settings.keywords["sslmode"] == nil) == isLoopback)
    }
}
