public import Diagnostics
public import PostgresClient

/// Marks a database as staging, or takes the mark away.
public struct EnvironmentMarking: Sendable {
    private let settings: ConnectionSettings
    private let ref: String?
    private let retry: RetryPolicy

    /// Marking of one database.
    ///
    /// - Parameters:
    ///   - settings: The database.
    ///   - ref: Its project ref, where it is known.
    ///   - retry: How long connecting is tried.
    public init(settings: ConnectionSettings, ref: String?, retry: RetryPolicy = .none) {
        self.settings = settings
        self.ref = ref
        self.retry = retry
    }

    /// Marks the database as staging.
    ///
    /// - Parameters:
    ///   - seeded: How seeded accounts are told from people's.
    ///   - allowsRealUsers: Marks it although people's accounts are in it.
    /// - Returns: The mark, and what is worth knowing about the database.
    /// - Throws: ``EnvironmentRefusal`` when people's accounts are in it; `PostgresError`. Nothing was changed then.
    public func mark(
        seeded: SeededAccounts,
        allowsRealUsers: Bool = false
    ) async throws -> (mark: EnvironmentMark, signs: [ProductionSign]) {
        try await withSession { session in
            let found = try await ProductionSigns.read(in: session, protectedEnvironment: nil, ref: ref, seeded: seeded)
            let people = found.signs.filter(\.isAboutPeople)
            guard people.isEmpty || allowsRealUsers else { throw EnvironmentRefusal(people) }
            let identity = try await ProjectIdentity.read(in: session, ref: ref)
            try await EnvironmentMark.write("staging", identity: identity, in: session)
            guard let mark = try await EnvironmentMark.read(in: session) else {
                throw PostgresError(kind: .unexpectedAnswer, message: "The mark was written and is not there")
            }
            let worthKnowing = found.signs.filter {
                switch $0 {
                case .unmarked, .markFromElsewhere, .protected: false
                case .recentSignIns, .manyAccounts, .large: true
                }
            }
            return (mark, worthKnowing)
        }
    }

    /// Takes the mark away.
    ///
    /// - Returns: Whether there was one.
    /// - Throws: `PostgresError`.
    public func removeMark() async throws -> Bool {
        try await withSession { try await EnvironmentMark.remove(in: $0) }
    }

    private func withSession<Value: Sendable>(_ body: (Session) async throws -> Value) async throws -> Value {
        let session = try await Session.connect(to: settings, applicationName: "wheels-db/env", retry: retry)
        do {
            let value = try await body(session)
            await session.close()
            return value
        } catch {
            await session.close()
            throw error
        }
    }
}

/// A database with people in it is not called staging unasked.
public struct EnvironmentRefusal: ExplainedError {
    /// What speaks for production.
    public let findings: [Finding]

    init(_ signs: [ProductionSign]) {
        findings = signs.map { Finding(code: $0.code, severity: .error, message: $0.sentence) }
    }

    /// The stable name for scripts.
    public var code: String { "env.real-users" }
    /// What happened.
    public var summary: String { "This database holds people's accounts, so it is not marked as staging." }
    /// What to do next.
    public var remedy: Remedy? {
        Remedy(
            "Find out whose they are. If it is staging all the same, repeat it with --allow-real-users and --confirm NAME."
        )
    }
    /// A guard refused.
    public var failureClass: FailureClass { .refused }
}
