import Diagnostics
import PostgresClient
import PostgresTypes

/// What every connection of a backup or restore has to fulfil.
enum ConnectionRules {
    /// Connects, and refuses a pooler in transaction mode.
    ///
    /// - Throws: `PostgresError`, or `TransactionPoolerError`.
    static func connect(
        to settings: ConnectionSettings,
        activity: String,
        applicationName: String,
        retry: RetryPolicy,
        onNotice: @escaping @Sendable (ServerNotice) -> Void = { _ in }
    ) async throws -> Session {
        let session = try await Session.connect(
            to: settings,
            applicationName: applicationName,
            retry: retry,
            onNotice: onNotice
        )
        guard try await PoolerProbe.mode(of: session) != .transaction else {
            await session.close()
            throw TransactionPoolerError(activity: activity, settings: settings)
        }
        return session
    }

    /// How many client slots are free, those for superusers apart; fewer than none when superusers sit in ordinary ones.
    ///
    /// In a transaction the server answers with what it saw first, unless it is told to look again.
    static func openSlots(seenBy session: Session) async throws -> Int {
        try await session.execute("select pg_catalog.pg_stat_clear_snapshot()")
        let rows = try await session.query(
            """
            select (pg_catalog.current_setting('max_connections')::int
              - pg_catalog.current_setting('superuser_reserved_connections')::int
              - (select pg_catalog.count(*) from pg_catalog.pg_stat_activity
                 where backend_type in ('client backend', 'walsender')
                   or (backend_type is null and usesysid is not null and datid is not null))::int)::text as open
            """
        )
        return try rows.first?.value("open") ?? 0
    }

    /// How many more sessions may be opened beside those that run, with one slot left for others.
    static func freeSlots(seenBy session: Session) async throws -> Int {
        max(0, try await openSlots(seenBy: session) - 1)
    }
}
