import Diagnostics
import PostgresClient
import PostgresTypes

/// The right to restore into a database: one run at a time has it.
///
/// A session lock, so it ends with the leader's session, however that ends.
enum RestoreLock {
    /// Any number that is the same for all runs: "whlsrest" in ASCII.
    private static let key: Int64 = 0x7768_6C73_7265_7374

    /// Takes the lock for as long as the session lasts.
    ///
    /// It waits for no other run, but for a moment: the server takes a while to notice that a run which has just ended is
    /// gone.
    ///
    /// - Throws: ``BackupError`` of class `locked`, naming who restores.
    static func take(on session: Session) async throws {
        for attempt in 0..<10 {
            if attempt > 0 { try await Task.sleep(for: .milliseconds(200)) }
            let rows = try await session.query("select pg_catalog.pg_try_advisory_lock(\(key)::bigint) as locked")
            guard try rows.first?.value("locked", as: Bool.self) != true else { return }
        }
        let holder = try await holder(session).map { ": \($0)" } ?? ""
        throw BackupError(
            code: "restore.locked",
            summary: "Another restore is running in database \(session.settings.database ?? "?")\(holder)."
                + " Nothing was changed by this one.",
            remedy: Remedy("Wait for it to end, and look at what it says before you start another one."),
            failureClass: .locked
        )
    }

    private static func holder(_ session: Session) async throws -> String? {
        try await session.query(
            """
            select pg_catalog.concat('process ', a.pid, ', role ', a.usename, ', from ',
              coalesce(pg_catalog.host(a.client_addr), 'this machine'), ', since ',
              pg_catalog.to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), ' UTC')
            from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'advisory' and l.granted and l.classid::bigint = \(key >> 32)
              and l.objid::bigint = \(key & 0xFFFF_FFFF)
              and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
            """
        ).first?[0]
    }
}
