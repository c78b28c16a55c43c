import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

/// Who asks: the settings of a request, as the data API makes them.
@Suite(.tags(.server), .scratchDatabase)
struct AuthFunctionTests {
    private static let ada = "00000000-0000-4000-8000-000000000001"

    private func identity(in session: Session) async throws -> [String?] {
        let rows = try await session.query(
            "SELECT auth.uid() AS uid, auth.role() AS role, auth.email() AS email, auth.jwt() ->> 'aal' AS aal"
        )
        let row = try #require(rows.first)
        return try ["uid", "role", "email", "aal"].map { try row.optional($0, as: String.self) }
    }

    @Test func `nobody asks outside of a request`() async throws {
        let session = try await ScratchDatabase.current.session()
        #expect(try await identity(in: session) == [nil, nil, nil, nil])
    }

    @Test func `the claims name who asks, as the role anon too`() async throws {
        let session = try await ScratchDatabase.current.session()
        let claims = #"{"sub":"\#(Self.ada)","role":"authenticated","email":"ada@example.org","aal":"aal2"}"#
        try await session.withTransaction { session in
            _ = try await session.query(
                "SELECT set_config('role', 'anon', true), set_config('request.jwt.claims', \(claims), true)"
            )
            #expect(try await identity(in: session) == [Self.ada, "authenticated", "ada@example.org", "aal2"])
        }
    }

    @Test func `after a request the settings are empty and nobody asks`() async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.withTransaction { session in
            _ = try await session.query(
                """
                SELECT set_config('request.jwt.claims', '{"sub":"x"}', true), set_config('request.jwt.claim', '{}', true),
                    set_config('request.jwt.claim.sub', 'x', true)
                """
            )
        }
        let rows = try await session.query("SELECT current_setting('request.jwt.claims') AS claims")
        #expect(try rows.first?.value("claims", as: String.self) == "")
        #expect(try await identity(in: session) == [nil, nil, nil, nil])
    }

    @Test func `the older settings for single claims come first`() async throws {
        let session = try await ScratchDatabase.current.session()
        _ = try await session.query(
            """
            SELECT set_config('request.jwt.claim.sub', \(Self.ada), false),
                set_config('request.jwt.claims', '{"sub":"00000000-0000-4000-8000-000000000002","role":"anon"}', false)
            """
        )
        #expect(try await identity(in: session) == [Self.ada, "anon", nil, nil])
    }
}
