import PostgresClient
import PostgresTypes

/// The lock of a run: an advisory lock that lasts as long as the run's one transaction.
enum SeedLock: Sendable {
    /// Any number that is the same for all runs: "whlsseed" in ASCII.
    static let key: Int64 = 0x7768_6C73_7365_6564

    /// Takes the lock in the open transaction; never waits.
    ///
    /// - Parameter session: The run's session.
    /// - Throws: ``SeedError`` of class `locked`, naming the holder.
    static func take(in session: Session) async throws {
        let rows = try await session.query("select pg_catalog.pg_try_advisory_xact_lock(\(key)::bigint) as locked")
        guard try rows.first?.value("locked", as: Bool.self) == true else {
            throw SeedError.locked(by: try await holder(session))
        }
    }

    private static func holder(_ session: Session) async throws -> String? {
        let rows = try await session.query(
            """
            select pg_catalog.format('%s, process %s, role %s, since %s UTC', a.application_name, a.pid, a.usename,
              pg_catalog.to_char(a.xact_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')) as holder
            from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'advisory' and l.granted and l.classid::bigint = \(key >> 32)
              and l.objid::bigint = \(key & 0xFFFF_FFFF)
              and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
            """)
        return try rows.first?.optional("holder")
    }
}
