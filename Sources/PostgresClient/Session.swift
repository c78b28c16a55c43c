import Diagnostics
import Glibc
public import PostgresTypes

/// One connection to a server.
///
/// A session runs libpq on a thread of its own, so a waiting statement never holds a thread of Swift's pool. Its calls
/// are ordered; a cancelled task cancels the statement on the server (SQLSTATE 57014).
///
/// ```swift
/// let session = try await Session.connect(to: ConnectionSettings(url))
/// let rows = try await session.query("select id from public.user_trips where status = \("active")")
/// ```
///
/// ## Topics
/// ### Connecting
/// - ``connect(to:applicationName:retry:onNotice:)``
/// - ``close()``
/// ### Statements
/// - ``query(_:)``
/// - ``execute(_:)``
/// - ``executeScript(_:)``
/// - ``simpleQuery(_:within:)``
/// - ``withTransaction(_:_:)``
/// ### COPY
/// - ``copyOut(_:into:)``
/// - ``copyIn(_:from:)``
/// ### What came
/// - ``receivedBytes``
/// - ``keep(_:)``
public actor Session {
    private let executor: SessionExecutor
    let connection: ConnectionHandle
    let canceller: CancelHandle
    /// The version of the server.
    public nonisolated let serverVersion: ServerVersion
    /// The process id that the server named when the session began.
    ///
    /// Behind a pooler it is not `pg_backend_pid()`.
    public nonisolated let backendPID: Int32
    /// Where the session is connected to.
    public nonisolated let settings: ConnectionSettings
    /// What its COPYs are held to; `nil`: as fast as they come.
    private(set) var pace: ReceivingPace?

    /// The queue that runs this session's calls.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    private init(
        connection: sending ConnectionHandle,
        executor: SessionExecutor,
        settings: ConnectionSettings
    ) throws(PostgresError) {
        serverVersion = connection.serverVersion
        backendPID = connection.backendPID
        canceller = try connection.makeCancelHandle()
        self.connection = connection
        self.executor = executor
        self.settings = settings
    }

    /// Connects to a server.
    ///
    /// Fills in what makes a long-lived command robust, unless the settings say otherwise: UTF-8, TCP keepalives that
    /// notice a dead peer within about a minute, a connect timeout of 10 s, no GSS negotiation (which poolers answer
    /// badly). `TCP_USER_TIMEOUT` bounds how long sent bytes may stay unacknowledged.
    ///
    /// - Parameters:
    ///   - settings: Where and as whom.
    ///   - applicationName: What `pg_stat_activity` shows.
    ///   - retry: How long a failure that may pass is tried again.
    ///   - onNotice: Called on the session's thread with each NOTICE and WARNING.
    /// - Returns: A session that is ready.
    /// - Throws: ``PostgresError`` of kind `cannotConnect`, with the remedy where the reason is known; of kind
    ///   `cancelled` when the task is cancelled.
    public static func connect(
        to settings: ConnectionSettings,
        applicationName: String = "wheels-db",
        retry: RetryPolicy = .none,
        onNotice: @escaping @Sendable (ServerNotice) -> Void = { _ in }
    ) async throws(PostgresError) -> Session {
        let begin = ContinuousClock.now
        var failures = 0
        while true {
            do {
                return try await attempt(settings, applicationName: applicationName, onNotice: onNotice)
            } catch {
                failures += 1
                guard
                    error.mayPassByItself,
                    let pause = retry.pause(
                        afterFailures: failures,
                        elapsed: .now - begin,
                        jitter: .random(in: 0...1)
                    )
                else { throw error }
                if (try? await Task.sleep(for: pause)) == nil {
                    var cancelled = PostgresError(kind: .cancelled, message: "Cancelled while connecting")
                    cancelled.target = settings.description
                    throw cancelled
                }
            }
        }
    }

    private static func attempt(
        _ settings: ConnectionSettings,
        applicationName: String,
        onNotice: @escaping @Sendable (ServerNotice) -> Void
    ) async throws(PostgresError) -> Session {
        let executor = SessionExecutor(label: "wheels-db.session")
        let opener = Opener(executor: executor)
        let robust = settings.setting("application_name", to: applicationName).filling([
            "client_encoding": "UTF8", "connect_timeout": "10", "gssencmode": "disable", "keepalives_idle": "30",
            "keepalives_interval": "10", "keepalives_count": "3", "tcp_user_timeout": "60000",
        ])
        do {
            let handle = try await opener.open(robust.keywords, onNotice: onNotice)
            return try Session(connection: handle, executor: executor, settings: settings)
        } catch {
            var told = error
            told.target = settings.description
            throw told
        }
    }

    /// Traps when it is called on another thread than this session's: a blocking call must never run elsewhere.
    func requireOwnThread() { executor.checkIsolated() }

    /// Ends the connection.
    ///
    /// The server rolls back an open transaction.
    public func close() {
        connection.close()
    }

    /// Holds what this session receives by COPY to a pace, which it may share with others.
    ///
    /// - Parameter pace: The pace; `nil`: as fast as it comes.
    public func keep(_ pace: ReceivingPace?) { self.pace = pace }

    /// Asks the server to stop what this session is doing; the running call then throws 57014.
    public nonisolated func cancel() {
        canceller.cancel()
    }

    /// Whether a transaction is open.
    public var isInTransaction: Bool { connection.isInTransaction }
    /// Bytes of rows that this session has received, as the server's protocol frames them, before TLS.
    ///
    /// What is not counted is small: descriptions of columns, notices, and the end of each answer.
    public var receivedBytes: Int { connection.receivedBytes }
    /// The settings of this very connection: of several hosts the one that answered, its numeric address, and the password
    /// even where a file gave it.
    ///
    /// Another connection under them reaches the same server. On a Unix socket there is no `hostaddr`.
    public var settingsInUse: ConnectionSettings {
        var keywords = settings.keywords
        keywords["hostaddr"] = nil
        return ConnectionSettings(keywords: keywords.merging(connection.keywordsInUse) { _, used in used })
    }
    /// Whether the connection is encrypted by TLS.
    public var usesTLS: Bool { connection.usesTLS }
}

/// Opens a connection on the executor of the session to come, because connecting blocks as well.
private actor Opener {
    private let executor: SessionExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    init(executor: SessionExecutor) { self.executor = executor }

    func open(
        _ keywords: [String: String],
        onNotice: @escaping @Sendable (ServerNotice) -> Void
    ) throws(PostgresError) -> sending ConnectionHandle {
        let timeout = keywords["connect_timeout"].flatMap { Int($0) }.map { $0 > 0 ? $0 : 86_400 } ?? 10
        return try ConnectionHandle.open(
            keywords: keywords,
            timeout: .seconds(timeout),
            isCancelled: { Task.isCancelled },
            onNotice: onNotice
        )
    }
}

extension PostgresError {
    /// Whether the same attempt may succeed a moment later.
    public var mayPassByItself: Bool {
        switch kind {
        case .cannotConnect:
            sqlState.map { [.cannotConnectNow, .tooManyConnections].contains($0) || $0.isConnectionFailure }
                ?? !isPermanent
        case .connectionLost: true
        default: false
        }
    }
}
