import Diagnostics
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

@Suite("COPY", .tags(.server), .timeLimit(.minutes(20)))
struct CopyTests {
    @Test(.scratchDatabase) func `COPY out lends one row a message`() async throws {
        let session = try await ScratchDatabase.current.session()
        var sink = ByteSink()
        let count = try await session.copyOut(
            "copy (select n, null from generate_series(1, 3) n) to stdout", into: &sink)
        #expect(count == 3)
        #expect(sink.messages.map { String(decoding: $0, as: UTF8.self) } == ["1\t\\N\n", "2\t\\N\n", "3\t\\N\n"])
    }

    @Test(.scratchDatabase) func `COPY out of no rows is empty in text and a frame in binary`() async throws {
        let session = try await ScratchDatabase.current.session()
        var text = ByteSink()
        #expect(try await session.copyOut("copy (select 1 where false) to stdout", into: &text) == 0)
        #expect(text.messages.isEmpty)
        var binary = ByteSink()
        let sql = "copy (select 1 where false) to stdout (format binary)"
        #expect(try await session.copyOut(sql, into: &binary) == 0)
        #expect(
            binary.bytes == Array("PGCOPY\n".utf8) + [0xff, 0x0d, 0x0a, 0] + [UInt8](repeating: 0, count: 8) + [
                0xff, 0xff,
            ])
    }

    @Test(.scratchDatabase) func `a table without columns is copied by its rows`() async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript("create table public.bare (); insert into public.bare default values;")
        var sink = ByteSink()
        #expect(try await session.copyOut("copy public.bare to stdout", into: &sink) == 1)
        #expect(sink.text == "\n")
        var source = ByteSource("\n\n")
        #expect(try await session.copyIn("copy public.bare from stdin", from: &source) == 2)
        #expect(try await session.query("select count(*) from public.bare")[0][0] == "3")
    }

    @Test(.scratchDatabase, arguments: ["text", "binary"])
    func `a row of 20 MB goes out in one message and comes in again`(format: String) async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(
            "create table public.big (t text); insert into public.big select repeat('0123456789abcdef', 20 << 16)"
        )
        var sink = ByteSink()
        #expect(try await session.copyOut("copy public.big to stdout (format \(format))", into: &sink) == 1)
        #expect(sink.messages[0].count > 20 << 20)
        var source = ByteSource(sink.bytes)
        #expect(try await session.copyIn("copy public.big from stdin (format \(format))", from: &source) == 1)
        let same = try await session.query("select count(*), count(distinct t), max(length(t)) from public.big")[0]
        #expect(same[0] == "2" && same[1] == "1" && same[2] == String(20 << 20))
    }

    @Test(.scratchDatabase, arguments: [1, 3, 65_536])
    func `COPY in takes pieces that end anywhere`(piece: Int) async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.execute("create table public.t (n int, t text)")
        let text = (1...500).map { "\($0)\tÄ\\t\($0)\n" }.joined()
        var source = ByteSource(text, piece: piece)
        #expect(try await session.copyIn("copy public.t from stdin", from: &source) == 500)
        #expect(try await session.query("select count(*) from public.t where t = 'Ä' || chr(9) || n")[0][0] == "500")
    }

    @Test(.scratchDatabase) func `COPY in of nothing stores nothing`() async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.execute("create table public.t (n int)")
        var source = ByteSource("")
        #expect(try await session.copyIn("copy public.t from stdin", from: &source) == 0)
        #expect(try await session.query("select count(*) from public.t")[0][0] == "0")
    }

    @Test(.scratchDatabase, arguments: [1, 2, 1_000])
    func `a sink that throws stops the COPY and the session goes on`(row: Int) async throws {
        let session = try await ScratchDatabase.current.session()
        var sink = CountingSink(at: row) { throw Stop() }
        await #expect(throws: Stop.self) {
            try await session.copyOut(
                "copy (select repeat('x', 1000), generate_series(1, 1000000000)) to stdout", into: &sink)
        }
        #expect(sink.rows == row)
        #expect(await !session.isInTransaction)
        #expect(try await session.query("select 1")[0][0] == "1")
    }

    @Test(.scratchDatabase) func `a source that throws stores nothing and the session goes on`() async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.execute("create table public.t (n int)")
        var source = ByteSource("1\n2\n3\n") { throw Stop() }
        await #expect(throws: Stop.self) { try await session.copyIn("copy public.t from stdin", from: &source) }
        #expect(try await session.query("select count(*) from public.t")[0][0] == "0")
    }

    @Test(.scratchDatabase) func `an error of the server in the middle of COPY out is thrown`() async throws {
        let session = try await ScratchDatabase.current.session()
        var sink = CountingSink()
        let sql = "copy (select 1 / (5000 - n) from generate_series(1, 10000) n) to stdout"
        let error = await #expect(throws: PostgresError.self) { try await session.copyOut(sql, into: &sink) }
        #expect(error?.sqlState == "22012")
        #expect(error?.kind == .server)
        #expect(error?.statement == sql)
        #expect(sink.rows == 4999)
        #expect(try await session.query("select 1")[0][0] == "1")
    }

    @Test(.scratchDatabase) func `an error of the server in the middle of COPY in names its line and stores nothing`()
        async throws
    {
        let session = try await ScratchDatabase.current.session()
        try await session.execute("create table public.t (n int)")
        let text = (1...200_000).map { $0 == 100 ? "wrong\n" : "\($0)\n" }.joined()
        var source = ByteSource(text)
        let error = await #expect(throws: PostgresError.self) {
            try await session.copyIn("copy public.t from stdin", from: &source)
        }
        #expect(error?.sqlState == "22P02")
        #expect(error?.context?.contains("COPY t, line 100") == true)
        #expect(try await session.query("select count(*) from public.t")[0][0] == "0")
    }

    @Test(.scratchDatabase) func `bytes that are no UTF-8 are refused by the server`() async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.execute("create table public.t (t text)")
        var source = ByteSource([0x61, 0xff, 0xfe, 0x0a])
        let error = await #expect(throws: PostgresError.self) {
            try await session.copyIn("copy public.t from stdin", from: &source)
        }
        #expect(error?.sqlState == .characterNotInRepertoire)
        #expect(try await session.query("select count(*) from public.t")[0][0] == "0")
    }

    @Test(.scratchDatabase) func `what is no COPY in the right direction is refused and the session goes on`()
        async throws
    {
        let session = try await ScratchDatabase.current.session()
        try await session.execute("create table public.t (n int)")
        for sql in ["select 1", "copy public.t from stdin", ""] {
            var sink = CountingSink()
            let error = await #expect(throws: PostgresError.self) { try await session.copyOut(sql, into: &sink) }
            #expect(error?.kind == .unexpectedAnswer)
            #expect(await !session.isInTransaction)
        }
        for sql in ["select 1", "copy public.t to stdout", ""] {
            var source = ByteSource("1\n")
            let error = await #expect(throws: PostgresError.self) { try await session.copyIn(sql, from: &source) }
            #expect(error?.kind == .unexpectedAnswer)
        }
        #expect(try await session.query("select count(*) from public.t")[0][0] == "0")
    }

    @Test(.scratchDatabase, arguments: ["copy public.t from stdin", "copy public.t to stdout"])
    func `a COPY among ordinary statements is an error, not a silent success`(sql: String) async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript("create table public.t (n int); insert into public.t values (1)")
        let script = await #expect(throws: PostgresError.self) { try await session.executeScript(sql) }
        #expect(script?.kind == .unexpectedAnswer)
        let query = await #expect(throws: PostgresError.self) { try await session.query(Query(unsafeSQL: sql)) }
        #expect(query?.kind == .unexpectedAnswer)
        #expect(await !session.isInTransaction)
        #expect(try await session.query("select count(*) from public.t")[0][0] == "1")
    }

    @Test(.scratchDatabase) func `a table that is not there is the server's own error`() async throws {
        let session = try await ScratchDatabase.current.session()
        var sink = CountingSink()
        let error = await #expect(throws: PostgresError.self) {
            try await session.copyOut("copy public.nope to stdout", into: &sink)
        }
        #expect(error?.sqlState == .undefinedTable)
    }

    @Test(.scratchDatabase) func `a killed backend ends a COPY in either direction as a lost connection`() async throws
    {
        let scratch = try ScratchDatabase.current
        let killer = try await scratch.session()
        for isOut in [true, false] {
            let session = try await scratch.session()
            try await session.execute("create temp table t (t text)")
            let pid = session.backendPID
            async let killed: Void = Victim.kill(pid, by: killer, when: "query like 'copy%'")
            let outcome = await #expect(throws: PostgresError.self) {
                if isOut {
                    var sink = CountingSink()
                    let sql = "copy (select repeat('x', 1000), generate_series(1, 1000000000)) to stdout"
                    _ = try await session.copyOut(sql, into: &sink)
                } else {
                    var source = EndlessSource(row: String(repeating: "x", count: 60_000) + "\n")
                    _ = try await session.copyIn("copy t from stdin", from: &source)
                }
            }
            try await killed
            #expect(outcome?.kind == .connectionLost)
            // No SQLSTATE is promised: a server that is about to write says nothing, and libpq does not read while it writes.
            #expect(outcome?.failureClass == .unreachable)
            #expect(outcome?.endsSession == true)
        }
    }

    @Test(.scratchDatabase) func `a session counts the bytes of rows that came, by query and by COPY`() async throws {
        let session = try await ScratchDatabase.current.session()
        #expect(await session.receivedBytes == 0)
        // Three rows of two fields: 7 bytes for each row, 4 for each field, and the values.
        let sql: Query = "select repeat('x', 1000), case when n > 1 then 'ab' end from generate_series(1, 3) n"
        _ = try await session.query(sql)
        let byQuery = 3 * (7 + 8 + 1_000) + 2 * 2
        #expect(await session.receivedBytes == byQuery)
        _ = try await session.execute("create temporary table t (a text)")
        #expect(await session.receivedBytes == byQuery)
        var sink = CountingSink()
        _ = try await session.copyOut(
            "copy (select repeat('y', n) from generate_series(1, 50) n) to stdout", into: &sink)
        #expect(sink.rows == 50 && sink.bytes == 1_275 + 50)
        #expect(await session.receivedBytes == byQuery + sink.bytes + 50 * 5)
    }
}
