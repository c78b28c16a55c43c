import Diagnostics
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

@Suite("Session", .tags(.server))
struct SessionTests {
    @Test(.scratchDatabase) func `rows come with names, places and NULLs`() async throws {
        let session = try await ScratchDatabase.current.session()
        let rows = try await session.query(
            "select n as number, nullif(n, 2)::text as maybe from generate_series(1, 2) n")
        #expect(rows.count == 2)
        #expect(rows[0].columnNames == ["number", "maybe"])
        #expect(try rows[0].value("number") as Int == 1)
        #expect(rows[1][0] == "2")
        #expect(try rows[1].optional("maybe", as: String.self) == nil)
        #expect(throws: PostgresValueError("the result has no column \"nope\", only number, maybe")) {
            try rows[0].value("nope") as Int
        }
        #expect(throws: PostgresValueError("field \"maybe\" is NULL, not a String")) {
            try rows[1].value("maybe", as: String.self)
        }
    }

    @Test(.scratchDatabase) func `of two columns of one name the first is found by name`() async throws {
        let session = try await ScratchDatabase.current.session()
        let rows = try await session.query("select 1 as a, 2 as a")
        #expect(try rows[0].value("a") as Int == 1)
        #expect(rows[0][1] == "2")
    }

    @Test(.scratchDatabase) func `results without rows or without columns are results`() async throws {
        let session = try await ScratchDatabase.current.session()
        #expect(try await session.query("select 1 where false").isEmpty)
        #expect(try await session.query("select").first?.columnNames == [])
        #expect(try await session.query("").isEmpty)
        #expect(try await session.execute("-- nothing but a comment") == 0)
        try await session.executeScript(" ; ; ")
        #expect(try await session.query("select 1")[0][0] == "1")
    }

    @Test(.scratchDatabase) func `parameters reach the server untouched, NULL included`() async throws {
        let session = try await ScratchDatabase.current.session()
        let hostile = "'; drop table x; -- \\ \" $1 ÄÖ👩\u{200D}👩\u{200D}👧\n\t"
        let absent: String? = nil
        let rows = try await session.query("select \(hostile)::text, \(absent)::text is null, \("")::text = ''")
        #expect(rows[0][0] == hostile)
        #expect(rows[0][1] == "t")
        #expect(rows[0][2] == "t")
    }

    @Test(.scratchDatabase) func `values of every type come back from the server at their extremes`() async throws {
        let session = try await ScratchDatabase.current.session()
        let rows = try await session.query(
            """
            select \(Int16.min)::int2 a, \(Int32.max)::int4 b, \(Int64.min)::int8 c, \(UInt64.max)::numeric d,
              \(Double.leastNonzeroMagnitude)::float8 e, \(Double.greatestFiniteMagnitude)::float8 f,
              \(-Double.infinity)::float8 g, \(Double.nan)::float8 h, \(-0.0)::float8 i, \(true)::bool j, \(OID(.max))::oid k,
              \(UInt32.max)::oid l, \(0.1)::float8 m
            """
        )
        let row = try #require(rows.first)
        #expect(try row.value("a") == Int16.min)
        #expect(try row.value("b") == Int32.max)
        #expect(try row.value("c") == Int64.min)
        #expect(try row.value("d") == UInt64.max)
        #expect(try row.value("e") == Double.leastNonzeroMagnitude)
        #expect(try row.value("f") == Double.greatestFiniteMagnitude)
        #expect(try row.value("g") == -Double.infinity)
        #expect(try row.value("h", as: Double.self).isNaN)
        #expect(try row.value("i", as: Double.self).sign == .minus)
        #expect(try row.value("j") == true)
        #expect(try row.value("k") == OID(.max))
        #expect(try row.value("l") == UInt32.max)
        #expect(try row.value("m") == 0.1)
    }

    @Test(.scratchDatabase) func `a parameter of 20 MB goes there and back`() async throws {
        let session = try await ScratchDatabase.current.session()
        let large = String(repeating: "0123456789abcdef", count: 20 << 16)
        let rows = try await session.query("select \(large)::text as t")
        #expect(rows[0][0]?.utf8.count == 20 << 20)
        #expect(rows[0][0] == large)
    }

    @Test(.scratchDatabase) func `execute counts the rows it touched`() async throws {
        let session = try await ScratchDatabase.current.session()
        #expect(try await session.execute("create table public.t (n int)") == 0)
        #expect(try await session.execute("insert into public.t select generate_series(1, \(7))") == 7)
        #expect(try await session.execute("update public.t set n = n where n > \(5)") == 2)
        #expect(try await session.execute("delete from public.t where false") == 0)
    }

    @Test(.scratchDatabase) func `a script of several statements is one outside a transaction`() async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript("create table public.a (n int); insert into public.a values (1), (2);")
        let error = await #expect(throws: PostgresError.self) {
            try await session.executeScript("insert into public.a values (3); select 1 / 0;")
        }
        #expect(error?.sqlState == "22012")
        #expect(try await session.query("select count(*) from public.a")[0][0] == "2")
        #expect(await !session.isInTransaction)
    }

    @Test(.scratchDatabase) func `two statements in one query are refused by the server`() async throws {
        let session = try await ScratchDatabase.current.session()
        let error = await #expect(throws: PostgresError.self) { try await session.query("select 1; select 2") }
        #expect(error?.sqlState == .syntaxError)
    }

    @Test(.scratchDatabase) func `notices and warnings reach their handler in order`() async throws {
        let heard = LockedList<ServerNotice>()
        let session = try await Session.connect(to: ScratchDatabase.current.settings) { heard.append($0) }
        try await session.executeScript(
            "do $$ begin raise notice 'one'; raise warning 'two %', 2 using hint = 'look', errcode = '01W01'; end $$"
        )
        await session.close()
        let notices = heard.all
        #expect(notices.map(\.message) == ["one", "two 2"])
        #expect(notices.map(\.severity) == ["NOTICE", "WARNING"])
        #expect(notices.map(\.sqlState) == ["00000", "01W01"])
        #expect(notices.map(\.hint) == [nil, "look"])
    }

    @Test(.scratchDatabase) func `a zero character is refused before it is sent`() async throws {
        let session = try await ScratchDatabase.current.session()
        for attempt in [
            { try await session.query("select \("a\0b")::text") }, { try await session.query("select 'a\0b'") },
            {
                try await session.executeScript("select 'a\0b'")
                return []
            },
        ] as [@Sendable () async throws -> [Row]] {
            let error = await #expect(throws: PostgresError.self) { _ = try await attempt() }
            #expect(error?.kind == .invalidInput)
            #expect(error?.failureClass == .usage)
        }
        #expect(try await session.query("select 1")[0][0] == "1")
    }

    @Test(.scratchDatabase) func `a session knows server, process and transaction state`() async throws {
        let session = try await ScratchDatabase.current.session()
        let row = try await session.query("select current_setting('server_version_num'), pg_backend_pid()")[0]
        #expect(row[0] == String(session.serverVersion.number))
        #expect(row[1] == String(session.backendPID))
        #expect(await !session.usesTLS)
        try await session.execute("begin")
        #expect(await session.isInTransaction)
        try await session.execute("rollback")
        #expect(await !session.isInTransaction)
    }

    @Test(.scratchDatabase) func `the application's name and UTF-8 are set`() async throws {
        let scratch = try ScratchDatabase.current
        let session = try await Session.connect(to: scratch.settings, applicationName: "wheels-db/näme")
        let row = try await session.query("select current_setting('client_encoding')")[0]
        #expect(row[0] == "UTF8")
        await session.close()
    }

    @Test(.scratchDatabase) func `a closed session says so, and closing twice is fine`() async throws {
        let session = try await ScratchDatabase.current.session()
        await session.close()
        await session.close()
        session.cancel()
        let error = await #expect(throws: PostgresError.self) { try await session.query("select 1") }
        #expect(error?.kind == .closed)
        #expect(error?.endsSession == true)
        var sink = ByteSink()
        await #expect(throws: PostgresError.self) {
            try await session.copyOut("copy (select 1) to stdout", into: &sink)
        }
        await #expect(throws: PostgresError.self) { try await session.withTransaction { _ in } }
    }
}
