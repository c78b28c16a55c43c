import Diagnostics
import LocalPostgres
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

@Suite("Connecting")
struct ConnectTests {
    private func failure(
        _ settings: ConnectionSettings,
        retry: RetryPolicy = .none
    ) async throws -> PostgresError {
        try #require(
            await #expect(throws: PostgresError.self) {
                try await Session.connect(to: settings, retry: retry).close()
            }
        )
    }

    private func poll(_ condition: () -> Bool) async throws {
        let begin = ContinuousClock.now
        while !condition() {
            guard ContinuousClock.now - begin < .seconds(60) else { throw Stop() }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test func `a port without a server says so and names the embedded one`() async throws {
        let settings = try await withRefusingServer(.hangUp) { settings, _ in settings }
        let error = try await failure(settings)
        #expect(error.kind == .cannotConnect)
        #expect(error.sqlState == nil)
        #expect(error.summary.contains("Connection refused"))
        #expect(error.summary.hasPrefix("Cannot connect to database \"somewhere\" at 127.0.0.1:"))
        #expect(error.remedy?.command == "wheels-db local start")
        #expect(error.failureClass == .unreachable)
        #expect(error.code == "postgres.cannotConnect")
        #expect(error.mayPassByItself && error.endsSession)
        #expect(!"\(error)".contains("hidden"))
    }

    @Test func `a socket directory without a server says so`() async throws {
        let error = try await failure(ConnectionSettings(keywords: ["host": "/nowhere", "user": "a", "dbname": "b"]))
        #expect(error.summary.contains("No such file or directory"))
        #expect(error.remedy?.command == "wheels-db local start")
        #expect(error.failureClass == .unreachable)
    }

    @Test func `a host name without an address is unreachable and may come`() async throws {
        let error = try await failure(ConnectionSettings("postgres://a@no-such-host.invalid/b"))
        #expect(error.kind == .cannotConnect)
        #expect(error.summary.contains("could not translate host name"))
        #expect(error.remedy?.sentence == "Check the host name in the URL.")
        #expect(error.failureClass == .unreachable)
        #expect(error.mayPassByItself)
    }

    @Test(arguments: [
        ("XX000", "Tenant or user not found", "paused or deleted", FailureClass.unreachable, false),
        ("XX000", "MaxClientsInSessionMode: max clients reached", "slot", .noConnectionSlot, true),
        ("08P01", "no more connections allowed (max_client_conn)", "slot", .noConnectionSlot, true),
        ("53300", "sorry, too many clients already", "pg_stat_activity", .noConnectionSlot, true),
        ("53300", "remaining connection slots are reserved", "slot", .noConnectionSlot, true),
        ("57P03", "the database system is starting up", "Wait a moment", .unreachable, true),
        ("28P01", "password authentication failed for user \"someone\"", "percent-encoded", .permission, false),
        ("28000", "no pg_hba.conf entry for host", "role and password", .permission, false),
        ("3D000", "database \"somewhere\" does not exist", "database name", .unreachable, false),
    ])
    func `a refusal has its sentence, its class and its chance to pass`(
        state: String, message: String, advice: String, failureClass: FailureClass, mayPass: Bool
    ) async throws {
        let error = try await withRefusingServer(.error(sqlState: state, message: message)) { settings, _ in
            try await failure(settings)
        }
        #expect(error.kind == .cannotConnect)
        #expect(error.message == message)
        #expect(error.sqlState == (failureClass == .noConnectionSlot ? .tooManyConnections : SQLState(state)))
        #expect(error.remedy?.sentence.contains(advice) == true, "\(error)")
        #expect(error.failureClass == failureClass)
        #expect(error.mayPassByItself == mayPass)
    }

    @Test func `a server that closes the connection at once is tried again`() async throws {
        try await withRefusingServer(.hangUp) { settings, server in
            let error = try await failure(settings)
            #expect(error.failureClass == .unreachable)
            #expect(error.mayPassByItself)
            let retry = RetryPolicy(limit: .seconds(60), firstPause: .milliseconds(1))
            try await withThrowingTaskGroup { group in
                group.addTask { _ = try? await Session.connect(to: settings, retry: retry) }
                try await poll { server.clients > 3 }
                group.cancelAll()
            }
        }
    }

    @Test func `a wrong password is not tried again`() async throws {
        let refusal = Refusal.error(sqlState: "28P01", message: "password authentication failed")
        try await withRefusingServer(refusal) { settings, server in
            _ = try await failure(settings, retry: .unattended)
            #expect(server.clients == 1)
        }
    }

    @Test func `a server that says nothing is given up after the connect timeout`() async throws {
        try await withRefusingServer(.silence) { settings, _ in
            let error = try await failure(settings.setting("connect_timeout", to: "1"))
            #expect(error.summary.contains("No answer within 1 s"))
            #expect(error.failureClass == .unreachable)
        }
    }

    @Test(arguments: [RetryPolicy.none, .unattended])
    func `a cancelled task stops connecting`(retry: RetryPolicy) async throws {
        let refusal = retry == .none ? Refusal.silence : .error(sqlState: "57P03", message: "starting up")
        try await withRefusingServer(refusal) { settings, server in
            try await withThrowingTaskGroup { group in
                group.addTask {
                    let error = await #expect(throws: PostgresError.self) {
                        try await Session.connect(to: settings, retry: retry)
                    }
                    #expect(error?.kind == .cancelled)
                    #expect(error?.failureClass == .interrupted)
                }
                try await poll { server.clients > 0 }
                group.cancelAll()
            }
        }
    }

    @Test(arguments: [
        ["sslmode": "nope"], ["no_such_option": "1"], ["port": "x"],
        ["host": "a,b", "port": "1,2,3"],
    ])
    func `settings that libpq refuses are usage errors and not tried again`(keywords: [String: String]) async throws {
        let settings = ConnectionSettings(keywords: ["host": "127.0.0.1", "user": "a", "dbname": "b"])
        let wrong = keywords.reduce(settings) { $0.setting($1.key, to: $1.value) }
        let error = try await failure(wrong, retry: .unattended)
        #expect(error.failureClass == .usage)
        #expect(!error.mayPassByItself)
    }

    @Test(.tags(.server), .scratchDatabase) func `a server without TLS is not tried again where TLS is asked for`()
        async throws
    {
        let scratch = try ScratchDatabase.current
        let settings = scratch.server.tcpSettings(database: scratch.name).setting("sslmode", to: "require")
        let error = try await failure(settings, retry: RetryPolicy(limit: .seconds(60)))
        #expect(error.summary.contains("SSL"))
        #expect(!error.mayPassByItself)
        #expect(error.remedy?.sentence.contains("sslrootcert") == true)
    }

    @Test(.tags(.server), .scratchDatabase) func `a real server's refusals have SQLSTATE and advice`() async throws {
        let scratch = try ScratchDatabase.current
        let good = scratch.server.tcpSettings(database: scratch.name)
        let password = try await failure(good.setting("password", to: "wrong-hunter2"))
        #expect(password.sqlState == .invalidPassword)
        #expect(password.failureClass == .permission)
        #expect(password.remedy?.sentence.contains("password") == true)
        #expect(!"\(password)".contains("hunter2"))
        let keywords = good.keywords.filter { $0.key != "password" }
        let none = try await failure(ConnectionSettings(keywords: keywords.merging(["passfile": "/dev/null"]) { $1 }))
        #expect(none.summary.contains("no password supplied"))
        #expect(none.failureClass == .permission)
        #expect(!none.mayPassByItself)
        let database = try await failure(scratch.settings.setting("dbname", to: "no_such_database"))
        #expect(database.sqlState == .invalidCatalogName)
        #expect(database.message == "database \"no_such_database\" does not exist")
        #expect(database.remedy?.sentence.contains("postgres") == true)
        let role = try await failure(scratch.settings.setting("user", to: "no_such_role"))
        #expect(role.sqlState == .invalidAuthorization)
        #expect(role.failureClass == .permission)
    }

    @Test(.tags(.server), .scratchDatabase) func `a full database is 53300, and a retry gets the slot that comes free`()
        async throws
    {
        let scratch = try ScratchDatabase.current
        let settings = try await scratch.emptyDatabase()
        let name = try #require(settings.database)
        try await scratch.superuserSession().execute("alter database \(identifier: name) connection limit 1")
        let holder = try await scratch.session(to: settings)
        let error = try await failure(settings)
        #expect(error.sqlState == .tooManyConnections)
        #expect(error.failureClass == .noConnectionSlot)
        #expect(error.remedy?.sentence.contains("pg_stat_activity") == true)
        async let waiting = Session.connect(to: settings, retry: RetryPolicy(limit: .seconds(30)))
        await holder.close()
        let session = try await waiting
        #expect(try await session.query("select 1")[0][0] == "1")
        await session.close()
    }

    @Test(.tags(.server), .scratchDatabase, .requiresPgBouncer)
    func `a retry succeeds when the server comes later`() async throws {
        let scratch = try ScratchDatabase.current
        let starting = Refusal.error(sqlState: "57P03", message: "the database system is starting up")
        let retry = RetryPolicy(limit: .seconds(30), firstPause: .milliseconds(50), longestPause: .milliseconds(200))
        try await withThrowingTaskGroup(of: Void.self) { group in
            let port = try await withRefusingServer(starting) { refusing, server in
                let settings = scratch.settings.setting("host", to: "127.0.0.1")
                    .setting("port", to: String(server.port))
                group.addTask {
                    let session = try await Session.connect(to: settings, retry: retry)
                    #expect(try await session.query("select 1")[0][0] == "1")
                    await session.close()
                }
                try await poll { server.clients > 0 }
                return server.port
            }
            try await withPgBouncer(.session, before: scratch.settings, port: port) { _ in
                try await group.waitForAll()
            }
        }
    }

    @Test(.tags(.server), .scratchDatabase, .requiresPgBouncer)
    func `a full PgBouncer is told as a full server`() async throws {
        let scratch = try ScratchDatabase.current
        try await withPgBouncer(.session, before: scratch.settings, maxClients: 1) { pooled in
            let first = try await scratch.session(to: pooled)
            let error = try await failure(pooled)
            #expect(error.failureClass == .noConnectionSlot)
            #expect(error.sqlState == .tooManyConnections)
            await first.close()
        }
    }

    @Test(.tags(.server), .scratchDatabase, .requiresPgBouncer)
    func `PgBouncer's refusal of a wrong password is one of permission`() async throws {
        let scratch = try ScratchDatabase.current
        try await withPgBouncer(.transaction, before: scratch.settings) { pooled in
            let error = try await failure(pooled.setting("password", to: "wrong"))
            #expect(error.failureClass == .permission, "\(error)")
        }
    }
}
