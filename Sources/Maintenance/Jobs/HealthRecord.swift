import FoundationEssentials
import PostgresClient
import PostgresTypes

/// How one health test went, to be stored.
public struct HealthTest: Sendable, Hashable {
    /// The test's name, such as `migrations`.
    public let name: String
    /// What was found, such as `2 pending`.
    public let state: String
    /// What is wrong, without secrets; `nil` when it passed.
    public let problem: String?
    /// How long it took.
    public let duration: Duration

    /// A test.
    ///
    /// - Parameters:
    ///   - name: The test's name.
    ///   - state: What was found.
    ///   - problem: What is wrong.
    ///   - duration: How long it took.
    public init(name: String, state: String, problem: String? = nil, duration: Duration = .zero) {
        self.name = name
        self.state = state
        self.problem = problem
        self.duration = duration
    }
}

extension JobRun {
    /// What wheels-db calls itself in `health_check`.
    private static let service = "wheels-db"

    /// Stores tests: the last state, a row of history each, an alert when the state changed; forgets old rows.
    mutating func recordHealth(_ tests: [HealthTest]) async throws {
        let failed = tests.filter { $0.problem != nil }
        let status = failed.isEmpty ? "healthy" : "degraded"
        let details = try Self.details(tests)
        let names = Self.array(failed.map(\.name))
        let message = failed.map { "\($0.name): \($0.problem ?? "")" }.joined(separator: " ")
        let now = now
        let isChanged = try await reading { session in
            let rows = try await session.query(Self.comparison(status: status, failed: names))
            // Before the first alert, all was well.
            guard let last = rows.first else { return status != "healthy" }
            return try !last.value("same", as: Bool.self)
        }
        if !options.isDryRun {
            try await transaction(on: "health_check") { session in
                try await Self.store(status: status, details: details, now: now, in: session)
                for test in tests { try await session.execute(Self.history(test, now: now)) }
                guard isChanged else { return }
                try await session.execute(
                    """
                    insert into public.health_check_alerts (status, failed_tests, message, created_at)
                    values (\(status), \(names)::text[], nullif(\(message), ''), \(now)::timestamptz)
                    """)
            }
        }
        count("health_check", .upsert, 1)
        count("health_check_history", .insert, tests.count)
        count("health_check_alerts", .insert, isChanged ? 1 : 0)
        for change in Self.forgotten { try await apply(change) }
    }

    private static func store(status: String, details: String, now: String, in session: Session) async throws {
        let updated = try await session.execute(
            """
            update public.health_check
            set status = \(status), checked_at = \(now)::timestamptz, details = \(details)::jsonb
            where service_name = \(service)
            """)
        guard updated == 0 else { return }
        try await session.execute(
            """
            insert into public.health_check (service_name, status, checked_at, details)
            values (\(service), \(status), \(now)::timestamptz, \(details)::jsonb)
            """)
    }

    private static func history(_ test: HealthTest, now: String) -> Query {
        """
        insert into public.health_check_history (test_name, status, duration_ms, message, "timestamp")
        values (\(test.name), \(test.problem == nil ? "pass" : "fail"), \(Int(test.duration / .milliseconds(1)))::integer,
                \(test.problem), \(now)::timestamptz)
        """
    }

    /// Whether the last alert says the same.
    private static func comparison(status: String, failed: String) -> Query {
        """
        select status = \(status) and failed_tests = \(failed)::text[] as same from public.health_check_alerts
        order by created_at desc, id limit 1
        """
    }

    private static let forgotten: [BatchedChange] = [
        .delete(from: "health_check_history", where: #"t."timestamp" < $1::timestamptz - interval '720 hours'"#),
        .delete(from: "health_check_alerts", where: "t.created_at < $1::timestamptz - interval '8760 hours'"),
    ]

    private static func details(_ tests: [HealthTest]) throws -> String {
        let states = Dictionary(tests.map { ($0.name, $0.state) }) { first, _ in first }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(states), as: UTF8.self)
    }

    /// The texts as PostgreSQL reads an array of them.
    private static func array(_ texts: [String]) -> String {
        let quoted = texts.map { "\"\($0.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\"" }
        return "{\(quoted.joined(separator: ","))}"
    }
}
