import CatalogInspection
import Diagnostics
import Foundation
import PostgresClient
import PostgresTypes
import SQLText

/// One moment of a database, with every table locked against being rewritten, truncated or dropped.
///
/// The order is what makes it safe. `TRUNCATE` and rewriting `ALTER TABLE` are not visible to snapshots as changes of
/// rows: a snapshot taken first can find a table empty that was full at its moment. So all tables are locked ACCESS
/// SHARE before the first query of the transaction, the snapshot comes after, and the catalog is read again in it: a
/// table that is new starts everything over.
struct LockedSnapshot {
    /// The session that holds locks and snapshot; the snapshot ends with its transaction.
    let leader: Session
    /// What other sessions import.
    let id: String
    /// The tables, all locked.
    let tables: [TableInfo]
    /// All that is locked, as LOCK TABLE takes it.
    let lockNames: [String]
    /// The moment it shows, by this machine's clock.
    let takenAt: Date

    /// Locks all tables and exports a snapshot.
    ///
    /// - Parameters:
    ///   - leader: A session outside a transaction.
    ///   - lockTimeout: How long to wait for one lock, as PostgreSQL writes it.
    ///   - clock: What the clock of this machine says.
    /// - Returns: The snapshot with its tables; `nil` when tables came or went meanwhile and the caller has to begin
    ///   again.
    /// - Throws: ``BackupError`` when a table cannot be locked, naming who holds it.
    static func take(
        on leader: Session,
        lockTimeout: String,
        clock: @Sendable () -> Date = { .now }
    ) async throws -> LockedSnapshot? {
        do {
            // Measuring a table waits for whoever holds it, as locking does.
            let (wanted, names) = try await leader.withTransaction { session in
                try await session.execute("SET LOCAL lock_timeout = \(literal: lockTimeout)")
                let tables = try await TableQuery.tables(in: session)
                // VACUUM FULL would put the large objects on other pages between two looks at them.
                let pages = try await LargeObjectPages.areReadable(by: session) ? [LargeObjectPages.name] : []
                return (tables, tables.map { "ONLY " + $0.qualifiedName } + pages)
            }
            try await leader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            try await leader.executeScript(PinnedSettings.script)
            try await PinnedTimeouts.leader.pinLocally(leader)
            try await leader.execute("SET LOCAL lock_timeout = \(literal: lockTimeout)")
            try await lock(names, on: leader, orFail: "")
            let takenAt = clock()
            let rows = try await leader.query("select pg_catalog.pg_export_snapshot() as id")
            let seen = try await TableQuery.tables(in: leader)
            if Set(seen.map(Identity.init)) == Set(wanted.map(Identity.init)), let id = rows.first?[0] {
                return LockedSnapshot(leader: leader, id: id, tables: seen, lockNames: names, takenAt: takenAt)
            }
        } catch let error as PostgresError where error.sqlState == .lockNotAvailable {
            try await leader.rollBackQuietly()
            throw await lockError(on: leader, error)
        } catch let error as PostgresError where error.sqlState == .undefinedTable {
            // Dropped between the list and the lock: the next attempt lists again.
        }
        try await leader.rollBackQuietly()
        return nil
    }

    /// Locks tables a thousand in one statement, with ` NOWAIT` or, when that is empty, waiting up to `lock_timeout`.
    static func lock(_ names: [String], on session: Session, orFail: String) async throws {
        for start in stride(from: 0, to: names.count, by: 1_000) {
            let some = names[start..<min(start + 1_000, names.count)]
            let sql = "LOCK TABLE \(some.joined(separator: ", ")) IN ACCESS SHARE MODE\(orFail)"
            try await session.execute(Query(unsafeSQL: sql))
        }
    }

    /// What must not change between listing and locking.
    ///
    /// A new file may: whoever rewrote the table had finished when
    /// the lock was given, and the snapshot is younger than the lock.
    private struct Identity: Hashable {
        let oid: OID
        let schema: String
        let name: String

        init(_ table: TableInfo) {
            oid = table.oid
            schema = table.schema
            name = table.name
        }
    }

    private static func lockError(on session: Session, _ error: PostgresError) async -> any Error {
        let blockers = (try? await session.query(Query(unsafeSQL: blockerSQL))) ?? []
        guard !blockers.isEmpty else { return error }
        let findings = blockers.compactMap { row -> Finding? in
            guard let table = row[0], let pid = row[1] else { return nil }
            return Finding(
                code: "backup.table-locked",
                severity: .error,
                subject: table,
                message: "\(table) is locked by process \(pid) (\(row[2] ?? "?"), \(row[3] ?? "?")): \(row[4] ?? "")"
            )
        }
        return BackupError(
            code: "backup.table-locked",
            summary: "Another session holds an exclusive lock: \(findings.map(\.message).joined(separator: "; ")).",
            remedy: Remedy("Nothing was backed up. Wait until that statement is over, then start the backup again."),
            findings: findings
        )
    }

    private static let blockerSQL = """
        select n.nspname || '.' || c.relname, a.pid, a.usename, a.application_name, pg_catalog.left(a.query, 120)
        from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid
          join pg_catalog.pg_class c on c.oid = l.relation join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock' and l.granted
          and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
          and a.pid <> pg_catalog.pg_backend_pid()
        order by 1
        """
}

extension Session {
    /// Ends a transaction after a failure that is already known; a lost connection has ended it anyway.
    func rollBackQuietly() async throws {
        do { try await execute("ROLLBACK") } catch  where error.endsSession {}
    }
}
