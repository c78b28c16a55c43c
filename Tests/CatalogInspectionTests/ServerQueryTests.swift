import CatalogInspection
import PostgresClient
import PostgresTesting
import Testing

@Suite("A server's description", .tags(.server))
struct ServerQueryTests {
    @Test(.scratchDatabase) func `it holds what the server itself says`() async throws {
        let session = try await Inspected.session(after: "")
        let admin = try await ScratchDatabase.current.superuserSession()
        let server = try await ServerQuery.description(in: session)
        #expect(server.notReadable.isEmpty)
        let wanted = try await admin.query(
            """
            select version(), (select system_identifier::text from pg_control_system()),
              (select timeline_id::text from pg_control_checkpoint()), pg_is_in_recovery()::text,
              to_char(pg_postmaster_start_time() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS'),
              (select to_char(stats_reset at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') from pg_stat_wal)
            """
        )
        let row = try #require(wanted.first)
        #expect(server.version == row[0] && server.systemIdentifier == row[1])
        #expect(server.timeline.map(String.init) == row[2] && String(server.isInRecovery) == row[3])
        #expect(server.startedAt?.hasPrefix(row[4] ?? "?") == true)
        #expect(server.statisticsResetAt?.hasPrefix(row[5] ?? "?") == true)
        let lsn = try #require(server.lsn)
        let isBehind = try await admin.query("select (\(lsn)::pg_lsn <= pg_current_wal_flush_lsn())::text")
        #expect(isBehind.first?[0] == "true")
        let clock = try #require(server.clock)
        #expect(clock.hasSuffix("Z"))
        let age = try await admin.query(
            "select (clock_timestamp() - \(clock)::timestamptz < interval '1 minute')::text")
        #expect(age.first?[0] == "true")
    }

    @Test(.scratchDatabase) func `settings are the role's own, not those the session has pinned`() async throws {
        let session = try await Inspected.session(after: "")
        try await session.executeScript("set intervalstyle = 'iso_8601'; set statement_timeout = '77s'")
        let settings = try await ServerQuery.description(in: session).settings
        func value(_ name: String) -> String? { settings.first { $0.name == name }?.value }
        #expect(value("IntervalStyle") == "postgres" && value("statement_timeout") == "0ms")
        #expect(value("server_encoding") == "UTF8" && value("block_size") == "8192" && value("TimeZone") == "UTC")
        #expect(value("max_connections") == (try await Inspected.value(session, "show max_connections")))
        let collate = "select datcollate from pg_database where datname = current_database()"
        #expect(value("lc_collate") == (try await Inspected.value(session, collate)))
        #expect(settings.allSatisfy { $0.state != .notReadable }, "postgres is a member of pg_monitor")
    }

    @Test(.scratchDatabase) func `a setting that the role may not see is not readable, and not absent`() async throws {
        try await Inspected.withRole("") { session, _ in
            let settings = try await ServerQuery.description(in: session).settings
            let hidden = try #require(settings.first { $0.name == "session_preload_libraries" })
            #expect(hidden.state == .notReadable && hidden.value == nil)
            #expect(settings.first { $0.name == "server_encoding" }?.state == .read)
        }
    }

    @Test(.scratchDatabase) func `what a role may not read is named with the reason, and its transaction goes on`()
        async throws
    {
        let admin = try await ScratchDatabase.current.superuserSession()
        try await admin.executeScript(
            """
            create schema cron; create table cron.job (jobid bigint);
            revoke execute on function pg_control_system(), pg_current_wal_flush_lsn(), pg_current_wal_lsn() from public;
            revoke select on pg_catalog.pg_db_role_setting, pg_catalog.pg_auth_members, pg_catalog.pg_publication,
              pg_catalog.pg_roles, pg_catalog.pg_default_acl from public;
            """)
        try await Inspected.withRole("") { session, _ in
            for isInTransaction in [false, true] {
                if isInTransaction { try await session.execute("begin isolation level repeatable read, read only") }
                let server = try await ServerQuery.description(in: session)
                #expect(server.systemIdentifier == nil && server.lsn == nil && server.timeline != nil)
                #expect(server.notReadable.keys.sorted() == ["lsn", "systemIdentifier"])
                #expect(server.notReadable["lsn"] == "permission denied for function pg_current_wal_flush_lsn")
                let settings = try await RoleQuery.settings(in: session)
                #expect(settings.state == .notReadable && settings.items.isEmpty)
                #expect(settings.reason == "permission denied for table pg_db_role_setting")
                #expect(try await RoleQuery.memberships(in: session).state == .notReadable)
                #expect(try await RoleQuery.roles(in: session).state == .notReadable)
                #expect(try await DefaultPrivilegeQuery.defaultPrivileges(in: session).state == .notReadable)
                #expect(try await PublicationQuery.publications(in: session).state == .notReadable)
                let jobs = try await CronQuery.jobs(in: session)
                #expect(jobs.reason == "permission denied for schema cron")
                #expect(try await StorageQuery.buckets(in: session).state == .notReadable)
                #expect(try await Inspected.value(session, "select 'goes on'") == "goes on")
            }
            #expect(await session.isInTransaction)
            try await session.execute("rollback")
        }
    }

    @Test(.scratchDatabase) func `a table of another shape is not readable, and says why`() async throws {
        let session = try await Inspected.session(after: "")
        try await ScratchDatabase.current.superuserSession().executeScript(
            "create schema cron; create table cron.job (id int); grant usage on schema cron to postgres")
        let reading = try await CronQuery.jobs(in: session)
        #expect(reading.state == .notReadable && reading.reason?.contains("jobid") == true)
    }
}
