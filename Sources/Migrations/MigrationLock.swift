import Diagnostics
import PostgresClient
import PostgresTypes

/// The lock of a run: one connection that holds an advisory lock in an open transaction and does nothing else.
///
/// READ COMMITTED without a snapshot, a cursor or a write, so a concurrent index build never waits for it. The lock is
/// asked for once and never waited for: a waiter would deadlock with such a build. It works through poolers in
/// transaction mode, and it frees itself when the client dies.
struct MigrationLock: Sendable {
    /// Any number that is the same for all runs: "whlsmigr" in ASCII.
    static let key: Int64 = 0x7768_6C73_6D69_6772

    private let session: Session

    /// Takes the lock.
    ///
    /// - Parameters:
    ///   - settings: Where to.
    ///   - applicationName: What another run shows when it finds the lock taken.
    /// - Returns: The held lock.
    /// - Throws: ``MigrationError`` of class `locked`, naming the holder; `PostgresError`.
    static func acquire(_ settings: ConnectionSettings, applicationName: String) async throws -> MigrationLock {
        let session = try await Session.connect(to: settings, applicationName: applicationName)
        do {
            try await session.executeScript(
                "begin isolation level read committed; set local idle_in_transaction_session_timeout = '60s'")
            let rows = try await session.query("select pg_catalog.pg_try_advisory_xact_lock(\(key)::bigint) as locked")
            guard try rows.first?.value("locked", as: Bool.self) == true else {
                throw MigrationError.locked(by: try await holder(session))
            }
            let lock = MigrationLock(session: session)
            try await lock.dropSnapshot()
            return lock
        } catch {
            await session.close()
            throw error
        }
    }

    /// Makes sure that the lock is still held, which also keeps the idle timeout from striking.
    ///
    /// - Throws: ``LockLost`` when it is not; `PostgresError` when the task is cancelled.
    func verify() async throws {
        do {
            // The lock lasts as long as its transaction: when that is open on the same connection, it is held.
            try await dropSnapshot()
            guard await session.isInTransaction else { throw LockLost(error: nil) }
        } catch let error as PostgresError where error.kind != .cancelled {
            throw LockLost(error: error)
        }
    }

    /// Asks something by the simple protocol, which ends the unnamed portal that a query with parameters leaves open.
    ///
    /// Such a portal keeps its snapshot until the transaction ends: every concurrent index build would wait for it.
    private func dropSnapshot() async throws(PostgresError) {
        try await session.executeScript("select 1")
    }

    /// Verifies the lock at an interval until the task is cancelled.
    ///
    /// - Parameters:
    ///   - interval: The pause between two looks.
    ///   - onLoss: Called once when the lock is lost.
    func beat(every interval: Duration, onLoss: @Sendable () -> Void) async {
        while (try? await Task.sleep(for: interval)) != nil {
            do { try await verify() } catch {
                if error is LockLost { onLoss() }
                return
            }
        }
    }

    /// Gives the lock back; the server has freed it when this returns.
    func release() async {
        try? await session.executeScript("rollback")
        await session.close()
    }

    private static func holder(_ session: Session) async throws -> LockHolder? {
        let rows = try await session.query(
            """
            select a.pid, coalesce(a.application_name, '') as application_name, coalesce(a.usename::text, '') as role,
                   coalesce(pg_catalog.host(a.client_addr), 'this machine') as client,
                   coalesce(pg_catalog.to_char(a.xact_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC', '?')
                   as since
            from pg_catalog.pg_locks l
            join pg_catalog.pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'advisory' and l.granted and l.classid::bigint = \(key >> 32)
              and l.objid::bigint = \(key & 0xFFFF_FFFF)
              and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
            """)
        return try rows.first.map { row in
            LockHolder(
                pid: try row.value("pid", as: Int.self),
                applicationName: try row.value("application_name", as: String.self),
                role: try row.value("role", as: String.self), client: try row.value("client", as: String.self),
                since: try row.value("since", as: String.self))
        }
    }
}

/// Who holds the lock of a run.
struct LockHolder: Sendable {
    let pid: Int
    let applicationName: String
    let role: String
    let client: String
    let since: String
}

extension MigrationError {
    static func locked(by holder: LockHolder?) -> MigrationError {
        let who = holder.map {
            "\($0.applicationName), process \($0.pid), role \($0.role), from \($0.client), since \($0.since)"
        }
        return MigrationError(
            code: "migration.locked",
            summary: "Another run of migrations holds the lock\(who.map { ": \($0)" } ?? "; it ended just now").",
            remedy: Remedy("Wait for it to end, then see what it did:", command: "wheels-db migrate status"),
            failureClass: .locked)
    }

    /// The lock was lost: before a file began, or while it ran.
    static func lockLost(
        _ lost: LockLost,
        _ file: MigrationFile,
        _ applied: [MigrationFileName],
        kept: KeptPart
    ) -> MigrationError {
        let reason = lost.error.map { " (\($0.message))" } ?? ""
        let why = kept == .nothing ? "so that no second run can mix with this one" : "and is not recorded as applied"
        return MigrationError(
            code: "migration.lock-lost",
            summary: "The connection that held the lock of this run was lost\(reason). \(kept.sentence(file)), \(why). "
                + "\(MigrationFailure.before(applied))",
            remedy: Remedy("Run again; what is applied stays applied:", command: "wheels-db migrate up"),
            failureClass: .unreachable, underlying: lost.error)
    }
}

/// The lock of the run is gone: its connection ended, or the server ended it.
struct LockLost: Error {
    let error: PostgresError?
}

/// What a file that did not succeed left in the database.
enum KeptPart: Sendable {
    case nothing
    /// It ran outside a transaction.
    case unknown

    func sentence(_ file: MigrationFile) -> String {
        switch self {
        case .nothing: "Nothing of \(file.fileName) was kept"
        case .unknown: "\(file.fileName) ran outside a transaction"
        }
    }
}
