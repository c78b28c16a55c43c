import Diagnostics
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

@Suite("Errors of the server", .tags(.server))
struct ServerErrorTests {
    @Test(.scratchDatabase) func `an error brings all that the server said, and the session goes on`() async throws {
        let session = try await ScratchDatabase.current.session()
        let script = """
            do $$ begin raise exception 'no trips left' using
              errcode = 'P0042', detail = 'Key (id)=(7).', hint = 'Book earlier.', schema = 's', table = 't', constraint = 'c';
            end $$
            """
        let error = try #require(
            await #expect(throws: PostgresError.self) { try await session.executeScript(script) }
        )
        #expect(error.kind == .server)
        #expect(error.message == "no trips left")
        #expect(error.sqlState == "P0042")
        #expect(error.detail == "Key (id)=(7).")
        #expect(error.hint == "Book earlier.")
        #expect(error.objectName == "s.t.c")
        #expect(error.context?.contains("PL/pgSQL function") == true)
        #expect(error.statement == script)
        #expect(error.code == "postgres.P0042")
        #expect(error.summary == "no trips left. Key (id)=(7). Hint: Book earlier. (SQLSTATE P0042)")
        #expect(!error.endsSession)
        #expect(try await session.query("select 1")[0][0] == "1")
    }

    @Test(.scratchDatabase) func `the position counts characters of the sent text`() async throws {
        let session = try await ScratchDatabase.current.session()
        let missing = await #expect(throws: PostgresError.self) { try await session.query("select 'Ä👩' from nope") }
        #expect(missing?.sqlState == .undefinedTable)
        #expect(missing?.position == 18)
    }

    @Test(.scratchDatabase) func `an error inside a function shows the function's statement and place`() async throws {
        let session = try await ScratchDatabase.current.session()
        let error = await #expect(throws: PostgresError.self) {
            try await session.executeScript("do $$ begin execute 'select 1 from nope'; end $$")
        }
        #expect(error?.internalQuery == "select 1 from nope")
        #expect(error?.internalPosition == 15)
        #expect(error?.position == nil)
    }

    @Test(.scratchDatabase) func `parameters stand in no description`() async throws {
        let session = try await ScratchDatabase.current.session()
        let error = try #require(
            await #expect(throws: PostgresError.self) {
                try await session.query("select \("hunter2")::text from nope")
            }
        )
        #expect(!"\(error)".contains("hunter2"))
        #expect(error.statement?.contains("hunter2") == false)
    }

    @Test(
        .scratchDatabase,
        arguments: [
            ("select pg_catalog.pg_read_file('/etc/passwd')", SQLState.insufficientPrivilege, FailureClass.permission),
            ("select 1 / 0", "22012", .failure), ("select 'x'::int", "22P02", .failure),
            ("selec", .syntaxError, .failure),
            ("set statement_timeout = 1; select pg_sleep(5)", .queryCanceled, .failure),
            ("do $$ begin raise exception 'full' using errcode = '53100'; end $$", .diskFull, .outOfSpace),
            (
                "do $$ begin raise exception 'full' using errcode = '53300'; end $$", .tooManyConnections,
                .noConnectionSlot
            ),
        ]
    )
    func `SQLSTATEs have their exit classes`(sql: String, state: SQLState, failureClass: FailureClass) async throws {
        let session = try await ScratchDatabase.current.session()
        let error = await #expect(throws: PostgresError.self) { try await session.executeScript(sql) }
        #expect(error?.sqlState == state)
        #expect(error?.kind == .server)
        #expect(error?.failureClass == failureClass)
        try await session.executeScript("reset statement_timeout")
    }

    @Test(
        .scratchDatabase,
        arguments: [("idle_session_timeout", "57P05"), ("idle_in_transaction_session_timeout", "25P03")]
    )
    func `a session that the server ended for idling is a lost connection`(setting: String, state: String) async throws
    {
        let scratch = try ScratchDatabase.current
        let watcher = try await scratch.session()
        let session = try await scratch.session()
        try await session.execute(Query(unsafeSQL: "set \(setting) = '20ms'"))
        if setting.contains("transaction") { _ = try? await session.execute("begin") }
        try await Victim.waitUntilGone(session.backendPID, by: watcher)
        let error = await #expect(throws: PostgresError.self) { try await session.query("select 1") }
        #expect(error?.kind == .connectionLost)
        // The last word is lost when the statement is sent while the server closes the socket.
        #expect([nil, SQLState(state)].contains(error?.sqlState))
        #expect(error?.endsSession == true)
        #expect(error?.failureClass == .unreachable)
        let again = await #expect(throws: PostgresError.self) { try await session.query("select 1") }
        #expect(again?.endsSession == true)
    }

    @Test(.scratchDatabase) func `a killed backend is a lost connection, while it works and while it idles`()
        async throws
    {
        let scratch = try ScratchDatabase.current
        let killer = try await scratch.session()
        let idle = try await scratch.session()
        try await Victim.kill(idle.backendPID, by: killer)
        let first = await #expect(throws: PostgresError.self) { try await idle.query("select 1") }
        #expect(first?.kind == .connectionLost)
        let busy = try await scratch.session()
        async let killed: Void = Victim.kill(busy.backendPID, by: killer, when: "wait_event = 'PgSleep'")
        let second = await #expect(throws: PostgresError.self) { try await busy.query("select pg_sleep(60)") }
        try await killed
        #expect(second?.kind == .connectionLost)
        #expect(second?.sqlState == .adminShutdown)
        #expect(second?.failureClass == .unreachable)
    }
}
