public import PostgresClient
import PostgresTypes

extension ConnectionSnapshot {
    /// Looks at a server.
    ///
    /// Everything goes by the simple protocol, in one read-only transaction, so that it works through poolers and on
    /// replication connections too. Nothing is locked and nothing is changed.
    ///
    /// - Parameters:
    ///   - session: A session outside a transaction.
    ///   - limit: How long each answer may take.
    /// - Returns: Who holds the connections.
    /// - Throws: `PostgresError`, of kind `timedOut` when an answer took too long; `PostgresValueError` when an answer
    ///   is none that a server gives.
    public static func read(_ session: Session, within limit: Duration = .seconds(10)) async throws
        -> ConnectionSnapshot
    {
        do {
            _ = try await session.simpleQuery(begin, within: limit)
            let snapshot = try await take(session, limit)
            _ = try await session.simpleQuery("commit", within: limit)
            return snapshot
        } catch {
            _ = try? await session.simpleQuery("rollback", within: limit)
            throw error
        }
    }

    private static func take(_ session: Session, _ limit: Duration) async throws -> ConnectionSnapshot {
        var snapshot = try await settings(session, limit)
        snapshot.sessions = try await sessions(session, limit)
        snapshot.roles = try await roles(session, limit)
        for row in try await session.simpleQuery(limitedDatabases, within: limit) {
            snapshot.databaseLimits[try row.value("datname")] = try row.value("datconnlimit", as: Int.self)
        }
        let idle = snapshot.sessions.filter(\.isIdleInTransaction).map(\.pid)
        let suspects = Set(idle + snapshot.sessions.flatMap(\.blockedBy))
        guard !suspects.isEmpty else { return snapshot }
        let locks = try await locks(of: suspects, session, limit)
        for index in snapshot.sessions.indices {
            snapshot.sessions[index].locks = locks[snapshot.sessions[index].pid] ?? []
        }
        return snapshot
    }

    private static func settings(_ session: Session, _ limit: Duration) async throws -> ConnectionSnapshot {
        guard let row = try await session.simpleQuery(serverSettings, within: limit).first else {
            throw PostgresError(kind: .unexpectedAnswer, message: "The server did not tell its settings")
        }
        var snapshot = ConnectionSnapshot(
            takenAt: try row.value("now"),
            serverVersion: try row.value("version"),
            maxConnections: try row.value("most"),
            superuserReserved: try row.value("for_superusers"),
            reserved: try row.value("reserved")
        )
        snapshot.idleInTransactionTimeout = try row.optional("guard")
        return snapshot
    }

    private static func sessions(_ session: Session, _ limit: Duration) async throws -> [ServerSession] {
        try await session.simpleQuery(activity, within: limit).map { row in
            var found = ServerSession(pid: try row.value("pid"))
            found.role = try row.text("usename")
            found.database = try row.text("datname")
            found.application = try row.text("application_name")
            found.address = try row.text("client_addr")
            found.state = try row.text("state")
            found.backendType = try row.text("backend_type")
            found.isOwn = try row.value("is_own")
            found.age = try row.optional("age")
            found.transactionAge = try row.optional("transaction_age")
            found.stateAge = try row.optional("state_age")
            found.waitType = try row.text("wait_event_type")
            found.waitEvent = try row.text("wait_event")
            found.horizonAge = try row.optional("horizon_age")
            found.query = try row.text("query")
            let blockers = (try row.text("blocked_by") ?? "").split(separator: ",").compactMap { Int($0) }
            found.blockedBy = Set(blockers).sorted()
            return found
        }
    }

    private static func roles(_ session: Session, _ limit: Duration) async throws -> [RoleFacts] {
        try await session.simpleQuery(loginRoles, within: limit).map { row in
            RoleFacts(
                name: try row.value("rolname"),
                limit: try row.optional("rolconnlimit"),
                isSuperuser: try row.value("rolsuper"),
                idleInTransactionTimeout: try row.text("guard")
            )
        }
    }

    private static func locks(
        of pids: Set<Int>,
        _ session: Session,
        _ limit: Duration
    ) async throws -> [Int: [String]] {
        let list = pids.sorted().map(String.init).joined(separator: ",")
        var locks: [Int: [String]] = [:]
        for row in try await session.simpleQuery(heldLocks(of: list), within: limit) {
            let mode = try row.value("mode", as: String.self)
            let relation = try row.value("relation", as: String.self)
            locks[try row.value("pid"), default: []].append("\(mode) on \(relation)")
        }
        return locks
    }
}

// MARK: - Statements

extension ConnectionSnapshot {
    private static let begin = """
        begin transaction read only; set local search_path = ''; set local statement_timeout = '10s'; \
        set local lock_timeout = '1s'
        """

    /// A setting of the server counts as that only when neither the role nor the database of this session overrides it.
    private static let serverSettings = """
        select extract(epoch from pg_catalog.clock_timestamp())::double precision as now,
               pg_catalog.current_setting('server_version_num')::integer as version,
               pg_catalog.current_setting('max_connections')::integer as most,
               pg_catalog.current_setting('superuser_reserved_connections')::integer as for_superusers,
               coalesce(pg_catalog.current_setting('reserved_connections', true), '0')::integer as reserved,
               (select s.setting::integer from pg_catalog.pg_settings s
                where s.name = 'idle_in_transaction_session_timeout'
                  and s.source in ('default', 'configuration file', 'command line')) as guard
        """

    private static let activity = """
        select s.pid, s.usename, s.datname, nullif(s.application_name, '') as application_name,
               pg_catalog.host(s.client_addr) as client_addr, s.state, s.backend_type,
               s.pid = pg_catalog.pg_backend_pid() as is_own,
               extract(epoch from pg_catalog.clock_timestamp() - s.backend_start)::double precision as age,
               extract(epoch from pg_catalog.clock_timestamp() - s.xact_start)::double precision as transaction_age,
               extract(epoch from pg_catalog.clock_timestamp() - s.state_change)::double precision as state_age,
               s.wait_event_type, s.wait_event, pg_catalog.age(s.backend_xmin) as horizon_age,
               case when s.wait_event_type = 'Lock'
                    then pg_catalog.array_to_string(pg_catalog.pg_blocking_pids(s.pid), ',') end as blocked_by,
               pg_catalog."left"(pg_catalog.split_part(pg_catalog.ltrim(s.query, E' \\n\\t'), E'\\n', 1), 80) as query
        from pg_catalog.pg_stat_activity s
        where s.usesysid is not null and (s.datid is not null or s.backend_type in ('client backend', 'walsender'))
           or s.backend_type = 'autovacuum worker'
        order by s.pid
        """

    private static let loginRoles = """
        select r.rolname, nullif(r.rolconnlimit, -1) as rolconnlimit, r.rolsuper,
               (select pg_catalog.split_part(setting, '=', 2)
                from pg_catalog.pg_db_role_setting c, pg_catalog.unnest(c.setconfig) setting
                where (c.setrole = r.oid or c.setrole = 0)
                  and c.setdatabase in
                      (0, (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()))
                  and setting like 'idle_in_transaction_session_timeout=%'
                order by c.setrole <> 0 desc, c.setdatabase <> 0 desc limit 1) as guard
        from pg_catalog.pg_roles r where r.rolcanlogin order by r.rolname
        """

    private static let limitedDatabases =
        "select datname, datconnlimit from pg_catalog.pg_database where datconnlimit >= 0 and datallowconn"

    /// The table locks of processes, strongest first; a table of another database has only its number.
    private static func heldLocks(of pids: String) -> String {
        """
        select l.pid, l.mode,
               case when c.oid is null then 'table ' || l.relation::text || ' of another database'
                    else pg_catalog.format('%I.%I', n.nspname, c.relname) end as relation
        from pg_catalog.pg_locks l
        left join pg_catalog.pg_class c on c.oid = l.relation
             and l.database in (0, (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()))
        left join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where l.granted and l.locktype = 'relation' and l.pid in (\(pids)) and c.relkind is distinct from 'i'
          and c.relkind is distinct from 'I'
        order by l.pid,
                 pg_catalog.array_position(array['AccessExclusiveLock', 'ExclusiveLock', 'ShareRowExclusiveLock',
                     'ShareLock', 'ShareUpdateExclusiveLock', 'RowExclusiveLock', 'RowShareLock', 'AccessShareLock'],
                     l.mode), 3
        """
    }
}
