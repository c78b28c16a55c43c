import Diagnostics
import PostgresClient
import PostgresTypes

/// The lock of a job: two runs of the same job never work at the same time, two different jobs may.
///
/// It belongs to the session, not to a transaction, so the session has to keep its server connection.
struct JobLock: Sendable {
    /// The first half of the key of every job: "wmnt" in ASCII.
    private static let space: Int32 = 0x776D_6E74

    /// Takes the lock of a job; `nil` when it is free no longer, else a finding that names the holder.
    static func take(_ job: MaintenanceJob, in session: Session) async throws -> Finding? {
        let rows = try await session.query(
            "select pg_catalog.pg_try_advisory_lock(\(space)::integer, \(job.lockNumber)::integer) as taken")
        guard try rows.first?.value("taken", as: Bool.self) != true else { return nil }
        let holder = try await holder(of: job, in: session)
        return Finding(
            code: "maintenance.locked", severity: .error, subject: job.rawValue,
            message:
                "Another run of \(job.rawValue) holds its lock\(holder.map { ": \($0)" } ?? "; it ended just now").",
            remedy: Remedy("Wait for it to end; it does the same work."))
    }

    /// Gives the lock back.
    static func give(_ job: MaintenanceJob, in session: Session) async throws {
        _ = try await session.query(
            "select pg_catalog.pg_advisory_unlock(\(space)::integer, \(job.lockNumber)::integer)")
    }

    private static func holder(of job: MaintenanceJob, in session: Session) async throws -> String? {
        let rows = try await session.query(
            """
            select a.pid, coalesce(a.application_name, '') as application, coalesce(a.usename::text, '') as role,
                   coalesce(pg_catalog.host(a.client_addr), 'this machine') as client
            from pg_catalog.pg_locks l
            join pg_catalog.pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'advisory' and l.granted and l.objsubid = 2
              and l.classid::bigint = \(Int64(space)) and l.objid::bigint = \(Int64(job.lockNumber))
              and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
            """)
        guard let row = rows.first else { return nil }
        let pid: Int = try row.value("pid")
        let application: String = try row.value("application")
        let role: String = try row.value("role")
        return "\(application), process \(pid), role \(role), from \(try row.value("client", as: String.self))"
    }
}
