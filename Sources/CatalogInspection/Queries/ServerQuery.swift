public import PostgresClient
import PostgresTypes

/// Reads what a server is and where it stands, each part for itself: providers revoke some of these functions.
public enum ServerQuery: Sendable {
    /// The description of the server of a session.
    ///
    /// - Parameter session: A session; right after its snapshot was taken, position and clock are those of the snapshot.
    /// - Returns: The description.
    /// - Throws: `PostgresError`, but not for a missing right.
    public static func description(in session: Session) async throws -> ServerDescription {
        var notReadable: [String: String] = [:]
        func fact(_ name: String, _ expression: String) async throws -> String? {
            let reading = try await CatalogReading<String>.reading(in: session) { session in
                try await session.query(Query(unsafeSQL: "select (\(expression))::text")).compactMap { $0[0] }
            }
            if let reason = reading.reason { notReadable[name] = reason }
            return reading.items.first
        }
        let isInRecovery = try await fact("isInRecovery", "pg_catalog.pg_is_in_recovery()") == "true"
        let lsn = try await fact(
            "lsn",
            isInRecovery ? "pg_catalog.pg_last_wal_replay_lsn()" : "pg_catalog.pg_current_wal_flush_lsn()"
        )
        let clock = try await fact("clock", iso("pg_catalog.clock_timestamp()"))
        let timeline = try await fact("timeline", isInRecovery ? timelineOfReplica : timelineOfPrimary)
        return ServerDescription(
            version: try await fact("version", "pg_catalog.version()"),
            systemIdentifier: try await fact(
                "systemIdentifier", "select system_identifier from pg_catalog.pg_control_system()"),
            timeline: timeline.flatMap { Int($0) },
            isInRecovery: isInRecovery,
            lsn: lsn,
            clock: clock,
            startedAt: try await fact("startedAt", iso("pg_catalog.pg_postmaster_start_time()")),
            statisticsResetAt: try await fact(
                "statisticsResetAt", "select \(iso("stats_reset")) from pg_catalog.pg_stat_wal"),
            notReadable: notReadable,
            settings: try await settings(in: session)
        )
    }

    private static func iso(_ time: String) -> String {
        "pg_catalog.to_char(\(time) at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
    }

    /// The name of a WAL file begins with the timeline; the last checkpoint may still be of the one before.
    private static let timelineOfPrimary = """
        ('x' || pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 8))::bit(32)::int
        """

    private static let timelineOfReplica = "select timeline_id from pg_catalog.pg_control_checkpoint()"

    /// The settings that decide what values mean, how much fits, and what a server must have to take the backup.
    static let settingNames = [
        "server_encoding", "lc_collate", "lc_ctype", "lc_monetary", "lc_numeric", "lc_time", "TimeZone", "DateStyle",
        "IntervalStyle", "integer_datetimes", "block_size", "wal_level", "data_checksums", "max_connections",
        "max_locks_per_transaction", "max_wal_senders", "max_replication_slots", "default_table_access_method",
        "default_tablespace", "default_toast_compression", "default_text_search_config",
        "default_transaction_isolation", "password_encryption", "row_security", "shared_preload_libraries",
        "session_preload_libraries", "statement_timeout", "idle_in_transaction_session_timeout",
    ]

    private static func settings(in session: Session) async throws -> [ServerSetting] {
        // The role's own value, not that of this session, which has pinned some of them.
        let sql = """
            select s.name, coalesce(s.reset_val, s.setting) || coalesce(s.unit, '') as value
            from pg_catalog.pg_settings s
            """
        var values: [String: String] = [:]
        for row in try await session.query(Query(unsafeSQL: sql)) {
            values[try row.value("name", as: String.self).lowercased()] = try row.value("value")
        }
        // The collation is a setting up to PostgreSQL 15 and a property of the database since.
        for row in try await session.query(Query(unsafeSQL: databaseSQL)) {
            values["lc_collate"] = row[0]
            values["lc_ctype"] = row[1]
        }
        var settings: [ServerSetting] = []
        for name in settingNames {
            if let value = values[name.lowercased()] {
                settings.append(ServerSetting(name: name, value: value, state: .read))
                continue
            }
            // What the role may not see is missing from the view; asking for it by name is refused.
            let asked = try await CatalogReading<String>.reading(in: session) { session in
                try await session.query("select pg_catalog.current_setting(\(name), true)").compactMap { $0[0] }
            }
            settings.append(
                ServerSetting(name: name, value: nil, state: asked.state == .read ? .absent : .notReadable))
        }
        return settings
    }

    private static let databaseSQL = """
        select d.datcollate, d.datctype from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()
        """
}
