import Diagnostics
public import PostgresClient

/// What was seen of a server, and on which way.
public struct PoolObservation: Sendable {
    /// A way to look into a server.
    public enum Passage: String, Sendable, Codable {
        /// A plain connection.
        case connection
        /// The connection of `--admin-url`.
        case admin
        /// The project's direct host, in place of its pooler.
        case directHost
        /// A replication connection: it has a slot of its own kind.
        case replication
    }

    /// A way that was tried in vain.
    public struct Attempt: Sendable, Hashable {
        /// The way.
        public let passage: Passage
        /// Why it did not lead in.
        public let reason: String
    }

    /// Who holds the connections; `nil` when no way led in.
    public var snapshot: ConnectionSnapshot?
    /// The way that led in.
    public var passage = Passage.connection
    /// Why a plain connection was not to be had.
    public var refusal: SlotRefusal?
    /// The ways that were tried in vain.
    public var attempts: [Attempt] = []
    /// Whether a pooler stands in between.
    public var isPooled = false
    /// What the pooler's console said.
    public var pooler: PoolerStatus?
    /// Why the console that was asked for could not be read.
    public var consoleFailure: String?

    /// An observation of nothing yet.
    public init() {}

    /// Whether there is no slot for another connection like this one.
    public var isFull: Bool { refusal != nil || snapshot?.free == 0 }
}

/// Looks into a server, also into one that has no free slot.
///
/// Replication connections take their slots from `max_wal_senders`, not from `max_connections`, and with
/// `replication=database` they understand SQL. Supabase's `postgres` has the attribute REPLICATION. So the role that is
/// locked out of a full server still sees who fills it.
public struct PoolObserver: Sendable {
    /// Where to look.
    public var settings: ConnectionSettings
    /// A role that has a slot when others have none: a superuser, or one with `pg_use_reserved_connections`.
    public var admin: ConnectionSettings?
    /// The console of the pooler.
    public var console: ConnectionSettings?
    /// How long connecting is tried again.
    public var retry = RetryPolicy.none
    /// How long each answer may take.
    public var answerLimit = Duration.seconds(10)
    /// What `pg_stat_activity` shows of this connection.
    public static let applicationName = "wheels-db/pool check"

    /// An observer of one server.
    ///
    /// - Parameter settings: Where to look.
    public init(_ settings: ConnectionSettings) { self.settings = settings }

    /// Looks.
    ///
    /// - Returns: What was seen; without a snapshot when the server is full and no way leads in.
    /// - Throws: `PostgresError` when the server cannot be reached or refuses for another reason.
    public func observe() async throws -> PoolObservation {
        var observation = PoolObservation()
        do {
            try await look(settings, as: .connection, retry: .none, into: &observation)
        } catch {
            try await recover(from: error, into: &observation)
        }
        await askConsole(into: &observation)
        return observation
    }

    private func recover(from error: PostgresError, into observation: inout PoolObservation) async throws {
        if error.kind == .timedOut {
            // A pooler without a server connection lets clients in and keeps them waiting; a console proves that.
            guard await isPooler() else { throw error }
            observation.isPooled = true
            observation.refusal = .poolerQueue(seconds: Int(answerLimit.components.seconds))
        } else if let refusal = SlotRefusal(error, to: settings) {
            observation.refusal = refusal
        } else if error.mayPassByItself, retry.limit > .zero {
            return try await look(settings, as: .connection, retry: retry, into: &observation)
        } else {
            throw error
        }
        for (passage, way) in otherWays {
            do {
                return try await look(way, as: passage, retry: .none, into: &observation)
            } catch {
                guard error.kind != .cancelled else { throw error }
                observation.attempts.append(.init(passage: passage, reason: error.message))
            }
        }
        try await wait(into: &observation)
    }

    /// Waits for a slot as long as allowed; whoever gets one was not refused.
    private func wait(into observation: inout PoolObservation) async throws {
        guard retry.limit > .zero else { return }
        do {
            try await look(settings, as: .connection, retry: retry, into: &observation)
            observation.refusal = nil
        } catch {
            guard error.kind == .timedOut || SlotRefusal(error, to: settings) != nil else { throw error }
        }
    }

    private func look(
        _ settings: ConnectionSettings,
        as passage: PoolObservation.Passage,
        retry: RetryPolicy,
        into observation: inout PoolObservation
    ) async throws(PostgresError) {
        let session = try await Session.connect(
            to: settings, applicationName: Self.applicationName, retry: retry)
        let snapshot: ConnectionSnapshot
        do {
            snapshot = try await ConnectionSnapshot.read(session, within: answerLimit)
        } catch {
            await session.close()
            throw error as? PostgresError ?? PostgresError(kind: .unexpectedAnswer, message: "\(error)")
        }
        await session.close()
        observation.snapshot = snapshot
        observation.passage = passage
        let ownPID = snapshot.sessions.first { $0.isOwn }?.pid
        if passage == .connection { observation.isPooled = ownPID.map { $0 != Int(session.backendPID) } ?? false }
    }

    /// The ways into a server that refused a plain connection.
    private var otherWays: [(PoolObservation.Passage, ConnectionSettings)] {
        let patient = "5"
        var ways: [(PoolObservation.Passage, ConnectionSettings)] = []
        if let admin { ways.append((.admin, admin)) }
        let direct = settings.directHost
        if let direct { ways.append((.directHost, direct.filling(["connect_timeout": patient]))) }
        ways.append((.replication, (direct ?? settings).filling(["connect_timeout": patient]).replicating))
        if let admin { ways.append((.replication, admin.replicating)) }
        return ways
    }
}

// MARK: - The pooler's console

extension PoolObserver {
    /// The console of a pooler that stands in between: the same place and role, another database.
    private var guessedConsole: ConnectionSettings {
        settings.setting("dbname", to: PoolerStatus.console).filling(["connect_timeout": "3"])
    }

    private func isPooler() async -> Bool {
        guard let session = try? await Session.connect(to: console ?? guessedConsole) else { return false }
        let rows = try? await session.simpleQuery("SHOW VERSION", within: .seconds(3))
        await session.close()
        return rows?.isEmpty == false
    }

    private func askConsole(into observation: inout PoolObservation) async {
        guard console != nil || observation.isPooled else { return }
        do {
            let session = try await Session.connect(
                to: console ?? guessedConsole, applicationName: Self.applicationName)
            do {
                observation.pooler = try await PoolerStatus.read(session, within: answerLimit)
            } catch {
                await session.close()
                throw error
            }
            await session.close()
        } catch {
            observation.consoleFailure = (error as? PostgresError)?.message ?? "\(error)"
        }
    }
}

extension ConnectionSettings {
    /// A connection that takes a slot of `max_wal_senders` and still understands SQL.
    var replicating: ConnectionSettings { setting("replication", to: "database") }

    /// The direct host of a Supabase project whose pooler these settings name.
    var directHost: ConnectionSettings? {
        guard host?.hasSuffix(".pooler.supabase.com") == true, let projectRef, let user else { return nil }
        let role = user.prefix { $0 != "." }
        return setting("host", to: "db.\(projectRef).supabase.co").setting("port", to: "5432")
            .setting("user", to: String(role))
    }
}
