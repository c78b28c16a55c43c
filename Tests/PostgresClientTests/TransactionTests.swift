import Diagnostics
import PostgresTesting
import PostgresTypes
import Testing

@testable import PostgresClient

@Suite("Transactions", .tags(.server))
struct TransactionTests {
    private static let deferred = """
        create table public.parents (id int primary key);
        create table public.children (id int references public.parents deferrable initially deferred);
        """

    private func count(_ table: String, _ session: Session) async throws -> String? {
        try await session.query("select count(*) from \(identifier: table)")[0][0]
    }

    @Test(.scratchDatabase) func `what the body did is stored and its value returned`() async throws {
        let scratch = try ScratchDatabase.current
        let session = try await scratch.session()
        try await session.execute("create table public.t (n int)")
        let rows = try await session.withTransaction { transaction in
            #expect(await transaction.isInTransaction)
            return try await transaction.execute("insert into public.t values (1), (2)")
        }
        #expect(rows == 2)
        #expect(await !session.isInTransaction)
        #expect(try await count("t", scratch.session()) == "2")
    }

    @Test(
        .scratchDatabase,
        arguments: [
            (TransactionMode.readCommitted, "read committed", "off"), (.repeatableRead, "repeatable read", "off"),
            (.repeatableReadOnly, "repeatable read", "on"),
        ]
    )
    func `the mode is what the server sees`(mode: TransactionMode, isolation: String, readOnly: String) async throws {
        let session = try await ScratchDatabase.current.session()
        let row = try await session.withTransaction(mode) { transaction in
            try await transaction.query(
                "select current_setting('transaction_isolation'), current_setting('transaction_read_only')")
        }[0]
        #expect(row[0] == isolation)
        #expect(row[1] == readOnly)
    }

    @Test(.scratchDatabase) func `the body's own error comes through and nothing is stored`() async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.execute("create table public.t (n int)")
        await #expect(throws: Stop.self) {
            try await session.withTransaction { transaction in
                try await transaction.execute("insert into public.t values (1)")
                throw Stop()
            }
        }
        #expect(await !session.isInTransaction)
        #expect(try await count("t", session) == "0")
    }

    @Test(.scratchDatabase) func `an error of the server in the body comes through as it is`() async throws {
        let session = try await ScratchDatabase.current.session()
        let error = await #expect(throws: PostgresError.self) {
            try await session.withTransaction { try await $0.query("select 1 / 0") }
        }
        #expect(error?.sqlState == "22012")
        #expect(await !session.isInTransaction)
    }

    @Test(.scratchDatabase) func `a constraint that fails at COMMIT is a failed commit with nothing stored`()
        async throws
    {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(Self.deferred)
        let error = try #require(
            await #expect(throws: TransactionError.self) {
                try await session.withTransaction { try await $0.execute("insert into public.children values (7)") }
            }
        )
        #expect(error.step == .commit)
        #expect((error.underlying as? PostgresError)?.sqlState == "23503")
        #expect(error.code == "transaction.commit")
        #expect(error.summary.hasPrefix("The transaction was rolled back at COMMIT: insert or update on table"))
        #expect(error.failureClass == .failure)
        #expect(await !session.isInTransaction)
        #expect(try await count("children", session) == "0")
    }

    @Test(.scratchDatabase) func `a body that hides a failed statement is a failed commit, not a success`() async throws
    {
        let session = try await ScratchDatabase.current.session()
        try await session.execute("create table public.t (n int)")
        let error = await #expect(throws: TransactionError.self) {
            try await session.withTransaction { transaction in
                try await transaction.execute("insert into public.t values (1)")
                _ = try? await transaction.query("select 1 / 0")
            }
        }
        #expect(error?.step == .commit)
        #expect((error?.underlying as? PostgresError)?.sqlState == .inFailedTransaction)
        #expect(try await count("t", session) == "0")
    }

    @Test(.scratchDatabase) func `a body that committed by itself is no error`() async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.withTransaction { _ = try await $0.execute("commit") }
        #expect(await !session.isInTransaction)
    }

    @Test(.scratchDatabase) func `a backend killed in the body is the body's lost connection`() async throws {
        let scratch = try ScratchDatabase.current
        let killer = try await scratch.session()
        let session = try await scratch.session()
        let error = await #expect(throws: PostgresError.self) {
            try await session.withTransaction { transaction in
                try await Victim.kill(transaction.backendPID, by: killer)
                try await transaction.execute("select 1")
            }
        }
        #expect(error?.kind == .connectionLost)
    }

    @Test(.scratchDatabase) func `a backend killed before COMMIT leaves the outcome unconfirmed`() async throws {
        let scratch = try ScratchDatabase.current
        let killer = try await scratch.session()
        let session = try await scratch.session()
        try await killer.execute("create table public.t (n int)")
        let error = try #require(
            await #expect(throws: TransactionError.self) {
                try await session.withTransaction { transaction in
                    try await transaction.execute("insert into public.t values (1)")
                    try await Victim.kill(transaction.backendPID, by: killer)
                }
            }
        )
        #expect(error.step == .commitUnconfirmed)
        #expect(error.failureClass == .unreachable)
        #expect(error.summary.contains("whether the transaction was stored is unknown"))
        #expect(try await count("t", killer) == "0")
    }

    @Test(.scratchDatabase) func `a backend killed before the body is a failure of BEGIN`() async throws {
        let scratch = try ScratchDatabase.current
        let session = try await scratch.session()
        try await Victim.kill(session.backendPID, by: scratch.session())
        let error = await #expect(throws: PostgresError.self) {
            try await session.withTransaction { _ in Issue.record("the body ran") }
        }
        #expect(error?.kind == .connectionLost)
    }

    @Test(.scratchDatabase) func `a cancelled body is rolled back all the same`() async throws {
        let scratch = try ScratchDatabase.current
        let watcher = try await scratch.session()
        let session = try await scratch.session()
        try await session.execute("create table public.t (n int)")
        let error = try await Victim.cancelling(session, by: watcher) {
            try await session.withTransaction { transaction in
                try await transaction.execute("insert into public.t values (1)")
                try await transaction.execute("select pg_sleep(60)")
            }
        }
        #expect(error?.kind == .cancelled)
        #expect(await !session.isInTransaction)
        #expect(try await count("t", session) == "0")
    }

    @Test func `a failed rollback names what the body threw`() {
        let error = TransactionError(step: .rollback, underlying: PostgresError(kind: .server, message: "no"))
        #expect(error.summary == "no. The session is unusable; the server rolls its transaction back.")
        #expect(error.code == "transaction.rollback")
        #expect(TransactionError(step: .commit, underlying: Stop()).failureClass == .failure)
    }
}
