import PostgresClient
import PostgresTypes

/// The lock that keeps two runs apart: an advisory lock of the session that does the work.
///
/// It goes with the session, so work never goes on without it. Poolers in transaction mode lend no session; they are
/// refused before.
enum PolicyLock {
    /// Any number that is the same for all runs: "whlspoli" in ASCII.
    static let key: Int64 = 0x7768_6C73_706F_6C69

    /// Takes the lock, without waiting for it.
    ///
    /// - Throws: ``PolicyError`` of class `locked`, naming the holder; `PostgresError`.
    static func take(in session: Session) async throws {
        let rows = try await session.query("select pg_catalog.pg_try_advisory_lock(\(key)::bigint) as locked")
        guard try rows.first?.value("locked", as: Bool.self) == true else {
            throw PolicyError.locked(by: try await holder(session))
        }
    }

    /// Gives the lock back; a pooler may lend the session to somebody else next.
    static func release(in session: Session) async {
        _ = try? await session.query("select pg_catalog.pg_advisory_unlock(\(key)::bigint)")
    }

    private static func holder(_ session: Session) async throws -> String? {
        let rows = try await session.query(
            """
            select pg_catalog.format('%s, process %s, role %s, since %s', a.application_name, a.pid, a.usename,
              coalesce(pg_catalog.to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC', '?'))
              as holder
            from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'advisory' and l.granted and l.classid::bigint = \(key >> 32)
              and l.objid::bigint = \(key & 0xFFFF_FFFF)
              and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
            """)
        return try rows.first?.value("holder", as: String.self)
    }
}
