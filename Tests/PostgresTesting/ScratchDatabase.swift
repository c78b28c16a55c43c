public import LocalPostgres
public import PostgresClient
import Synchronization

/// A test's own databases on the shared server, dropped when the test ends.
///
/// ```swift
/// @Test(.scratchDatabase) func `counts rows`() async throws {
///     let session = try await ScratchDatabase.current.session()
///     …
/// }
/// ```
public final class ScratchDatabase: Sendable {
    /// The running test's database.
    ///
    /// - Throws: ``ScratchDatabaseError`` in a test without the trait `.scratchDatabase`.
    public static var current: ScratchDatabase {
        get throws(ScratchDatabaseError) {
            guard let database = task else {
                throw ScratchDatabaseError("This test has no database: give it the trait .scratchDatabase")
            }
            return database
        }
    }

    @TaskLocal static var task: ScratchDatabase?

    /// The server that holds the database.
    public let server: LocalServer
    /// The database's name.
    public let name: String
    /// What the API roles get on new objects.
    public let era: DefaultPrivilegesEra
    private let held: Mutex<Held>

    private struct Held {
        var sessions: [Session] = []
        var databases: [String] = []
    }

    private init(server: LocalServer, name: String, era: DefaultPrivilegesEra) {
        self.server = server
        self.name = name
        self.era = era
        held = Mutex(Held(databases: [name]))
    }

    static func make(era: DefaultPrivilegesEra, holdsApp: Bool) async throws -> ScratchDatabase {
        let server = try await ThrowawayServer.shared
        let name = ScratchName.next()
        if holdsApp {
            try await server.copyDatabase(AppTemplate.shared.database(of: era, on: server), as: name)
        } else {
            try await server.createSupabaseDatabase(named: name, era: era)
        }
        return ScratchDatabase(server: server, name: name, era: era)
    }

    /// Where the database is, as role `postgres`.
    public var settings: ConnectionSettings { server.settings(database: name) }

    /// Where the database is, as another role.
    ///
    /// - Parameter user: The role; the socket asks for no password.
    /// - Returns: The settings.
    public func settings(as user: String) -> ConnectionSettings { server.settings(database: name, user: user) }

    /// A session as a role; closed with the test.
    ///
    /// - Parameter user: The role.
    /// - Returns: The session.
    /// - Throws: `PostgresError`.
    public func session(as user: String = "postgres") async throws -> Session {
        try await session(to: settings(as: user))
    }

    /// A session as the superuser `supabase_admin`; closed with the test.
    ///
    /// - Returns: The session.
    /// - Throws: `PostgresError`.
    public func superuserSession() async throws -> Session { try await session(as: "supabase_admin") }

    /// A session to any settings that is closed with the test.
    ///
    /// - Parameter settings: Where to.
    /// - Returns: The session.
    /// - Throws: `PostgresError`.
    public func session(to settings: ConnectionSettings) async throws -> Session {
        let session = try await Session.connect(to: settings, applicationName: "wheels-db/test")
        held.withLock { $0.sessions.append(session) }
        return session
    }

    /// One more database of a new Supabase project, such as the target of a restore; dropped with the test.
    ///
    /// - Parameter era: What the API roles get on new objects; `nil` as in this database.
    /// - Returns: Its settings as role `postgres`.
    /// - Throws: `PostgresError`.
    public func anotherDatabase(era: DefaultPrivilegesEra? = nil) async throws -> ConnectionSettings {
        let name = ScratchName.next()
        try await server.createSupabaseDatabase(named: name, era: era ?? self.era)
        held.withLock { $0.databases.append(name) }
        return server.settings(database: name)
    }

    /// One more database with the application's schema; dropped with the test.
    ///
    /// - Parameter era: What the API roles get on new objects; `nil` as in this database.
    /// - Returns: Its settings as role `postgres`.
    /// - Throws: What making the schema throws.
    public func appCopy(era: DefaultPrivilegesEra? = nil) async throws -> ConnectionSettings {
        try await copy(of: AppTemplate.shared.database(of: era ?? self.era, on: server))
    }

    /// A copy of a database of this server as it is now; nobody may be connected to it.
    ///
    /// Dropped with the test.
    ///
    /// - Parameter template: The database's name.
    /// - Returns: The copy's settings as role `postgres`.
    /// - Throws: `PostgresError`.
    public func copy(of template: String) async throws -> ConnectionSettings {
        let name = ScratchName.next()
        try await server.copyDatabase(template, as: name)
        held.withLock { $0.databases.append(name) }
        return server.settings(database: name)
    }

    /// One more database with nothing in it; dropped with the test.
    ///
    /// - Returns: Its settings as role `postgres`.
    /// - Throws: `PostgresError`.
    public func emptyDatabase() async throws -> ConnectionSettings {
        let name = ScratchName.next()
        try await server.createEmptyDatabase(named: name)
        held.withLock { $0.databases.append(name) }
        return server.settings(database: name)
    }

    func drop() async {
        let held = held.withLock { held in
            defer { held = Held() }
            return held
        }
        for session in held.sessions { await session.close() }
        for database in held.databases { try? await server.dropDatabase(named: database) }
    }
}

/// A test asked for a database it did not order.
public struct ScratchDatabaseError: Error, Sendable, CustomStringConvertible {
    /// What is wrong.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// Names of databases, different in one process.
private enum ScratchName: Sendable {
    private static let count = Atomic(0)

    static func next() -> String {
        "scratch_\(count.add(1, ordering: .relaxed).newValue)"
    }
}
