import Diagnostics
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

/// The statements here would take an hour: that a test ends at all says that they were stopped.
@Suite("Cancellation", .tags(.server), .timeLimit(.minutes(20)))
struct CancellationTests {
    @Test(.scratchDatabase) func `a cancelled task stops its statement on the server at once`() async throws {
        let scratch = try ScratchDatabase.current
        let watcher = try await scratch.session()
        let session = try await scratch.session()
        let error = try await Victim.cancelling(session, by: watcher) {
            _ = try await session.query("select pg_sleep(3600)")
        }
        #expect(error?.kind == .cancelled)
        #expect(error?.sqlState == .queryCanceled)
        #expect(error?.failureClass == .interrupted)
        #expect(try await session.query("select 1")[0][0] == "1")
    }

    @Test(.scratchDatabase) func `cancel of a session is 57014 of the server, for nobody's task was cancelled`()
        async throws
    {
        let scratch = try ScratchDatabase.current
        let watcher = try await scratch.session()
        let session = try await scratch.session()
        async let stopped: Void = {
            try await Victim.wait(session.backendPID, by: watcher, until: "wait_event = 'PgSleep'")
            session.cancel()
        }()
        let error = await #expect(throws: PostgresError.self) { _ = try await session.query("select pg_sleep(3600)") }
        try await stopped
        #expect(error?.kind == .server)
        #expect(error?.sqlState == .queryCanceled)
        #expect(try await session.query("select 1")[0][0] == "1")
    }

    @Test(.scratchDatabase) func `a task that is cancelled already sends nothing`() async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.execute("create table public.t (n int)")
        await withTaskGroup { group in
            group.addTask {
                unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                let statement = await #expect(throws: PostgresError.self) {
                    try await session.execute("insert into public.t values (1)")
                }
                #expect(statement?.kind == .cancelled)
                var source = ByteSource("1\n")
                let copy = await #expect(throws: PostgresError.self) {
                    try await session.copyIn("copy public.t from stdin", from: &source)
                }
                #expect(copy?.kind == .cancelled)
            }
        }
        #expect(try await session.query("select count(*) from public.t")[0][0] == "0")
    }

    @Test(.scratchDatabase) func `a COPY out that says nothing is stopped at once`() async throws {
        let scratch = try ScratchDatabase.current
        let watcher = try await scratch.session()
        let session = try await scratch.session()
        let error = try await Victim.cancelling(session, by: watcher) {
            var sink = CountingSink()
            _ = try await session.copyOut("copy (select pg_sleep(3600)) to stdout", into: &sink)
        }
        #expect(error?.kind == .cancelled)
        #expect(try await session.query("select 1")[0][0] == "1")
    }

    @Test(.scratchDatabase) func `a COPY out that flows is stopped between two rows`() async throws {
        let scratch = try ScratchDatabase.current
        let watcher = try await scratch.session()
        let session = try await scratch.session()
        let error = try await Victim.cancelling(session, by: watcher, when: "query like 'copy%'") {
            var sink = CountingSink()
            let sql = "copy (select repeat('x', 1000), generate_series(1, 1000000000)) to stdout"
            _ = try await session.copyOut(sql, into: &sink)
        }
        #expect(error?.kind == .cancelled)
        #expect(try await session.query("select 1")[0][0] == "1")
    }

    @Test(.scratchDatabase) func `a COPY in that flows is stopped with nothing stored`() async throws {
        let scratch = try ScratchDatabase.current
        let watcher = try await scratch.session()
        let session = try await scratch.session()
        try await session.execute("create table public.t (t text)")
        let error = try await Victim.cancelling(session, by: watcher, when: "query like 'copy%'") {
            var source = EndlessSource(row: String(repeating: "x", count: 1_000) + "\n")
            _ = try await session.copyIn("copy public.t from stdin", from: &source)
        }
        #expect(error?.kind == .cancelled)
        #expect(try await session.query("select count(*) from public.t")[0][0] == "0")
    }

    @Test(.scratchDatabase) func `a COPY in that waits for a lock is stopped at once`() async throws {
        let scratch = try ScratchDatabase.current
        let watcher = try await scratch.session()
        let holder = try await scratch.session()
        let session = try await scratch.session()
        try await holder.execute("create table public.t (t text)")
        try await holder.executeScript("begin; lock public.t")
        let error = try await Victim.cancelling(session, by: watcher, when: "wait_event_type = 'Lock'") {
            var source = EndlessSource(row: "x\n")
            _ = try await session.copyIn("copy public.t from stdin", from: &source)
        }
        #expect(error?.kind == .cancelled)
        #expect(try await session.query("select 1")[0][0] == "1")
    }

    @Test(.scratchDatabase, .requiresPgBouncer, arguments: PgBouncerMode.allCases)
    func `a statement behind PgBouncer is stopped too`(mode: PgBouncerMode) async throws {
        let scratch = try ScratchDatabase.current
        let watcher = try await scratch.session()
        try await withPgBouncer(mode, before: scratch.settings) { pooled in
            let session = try await scratch.session(to: pooled)
            async let stopped: Void = {
                try await Victim.waitForAny(watcher, until: "wait_event = 'PgSleep'")
                session.cancel()
            }()
            let error = await #expect(throws: PostgresError.self) {
                _ = try await session.query("select pg_sleep(3600)")
            }
            try await stopped
            #expect(error?.sqlState == .queryCanceled)
            #expect(try await session.query("select 1")[0][0] == "1")
        }
    }
}
