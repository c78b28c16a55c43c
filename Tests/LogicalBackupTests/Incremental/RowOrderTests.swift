import Foundation
import LogicalBackup
import PostgresClient
import PostgresTesting
import Testing

/// Settings of a role that talk a planner into another plan.
struct PlannerSettings: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let settings: [String]

    static let all = [
        PlannerSettings(
            testDescription: "indexes are free, and nothing else is",
            settings: [
                "enable_seqscan = off", "enable_tidscan = off", "enable_bitmapscan = off", "random_page_cost = 0",
                "seq_page_cost = 1000000", "cpu_index_tuple_cost = 0", "cpu_operator_cost = 0",
                "effective_cache_size = '1GB'",
            ]),
        PlannerSettings(
            testDescription: "bitmaps",
            settings: [
                "enable_seqscan = off", "enable_tidscan = off", "enable_indexscan = off", "enable_indexonlyscan = off",
                "random_page_cost = 0", "work_mem = '64kB'",
            ]),
        PlannerSettings(
            testDescription: "parallel",
            settings: [
                "max_parallel_workers_per_gather = 8", "parallel_setup_cost = 0", "parallel_tuple_cost = 0",
                "min_parallel_table_scan_size = 0", "force_parallel_mode = on", "enable_tidscan = off",
                "parallel_leader_participation = off", "jit = on", "jit_above_cost = 0",
            ]),
        PlannerSettings(
            testDescription: "no nested loops",
            settings: [
                "enable_nestloop = off", "enable_sort = off", "enable_tidscan = off", "enable_material = off",
                "synchronize_seqscans = on", "from_collapse_limit = 1", "join_collapse_limit = 1", "geqo_threshold = 2",
                "cursor_tuple_fraction = 0.0001", "plan_cache_mode = force_generic_plan",
            ]),
    ]
}

/// Where a range ends is told by counting the rows of COPY: they have to come in the order of their pages in every plan.
///
/// The truth is asked for range by range, by a session without such settings: rows that come in another order are
/// counted to other ranges, and the digests of those differ.
@Suite("The order of rows", .tags(.server))
struct RowOrderTests {
    @Test(.scratchDatabase, arguments: PlannerSettings.all) func `is that of the pages`(
        _ planner: PlannerSettings
    ) async throws {
        let scratch = try ScratchDatabase.current
        let source = try await scratch.emptyDatabase()
        let owner = try await scratch.session(to: source)
        let superuser = try await scratch.session(to: source.setting("user", to: "supabase_admin"))
        let role = "planner_\(UUID().uuidString.prefix(8).lowercased())"
        try await superuser.executeScript("create role \(role) login bypassrls; grant pg_read_all_data to \(role)")
        for setting in planner.settings { try await superuser.executeScript("alter role \(role) set \(setting)") }
        let repository = try ScratchRepository()
        let nights = Nights(of: source.setting("user", to: role), into: repository, by: owner)
        try await nights.run(Self.tables)
        try await superuser.executeScript(
            """
            update pg_extension set extconfig = array['public.configured'::regclass]::oid[],
              extcondition = array['WHERE custom'] where extname = 'plpgsql'
            """)
        // None of the statistics that a planner has is true.
        try await nights.run(["vacuum analyze covered", "vacuum analyze configured", "vacuum analyze tiny"])
        try await superuser.executeScript(
            """
            update pg_class set reltuples = 1, relpages = 1, relallvisible = 1 where relname in ('covered', 'configured');
            update pg_class set reltuples = 1e9, relpages = 1e7, relallvisible = 1e7 where relname = 'tiny';
            """)
        _ = try await nights.night("in full", rangesOfChunk: 8)
        // Every other range: what is read has many runs of pages.
        for table in ["covered", "configured", "unanalyzed"] {
            try await nights.run("update \(table) set note = 'changed' where (ctid::text::point)[0]::int % 16 < 3")
        }
        try await nights.run("update tiny set note = 'changed' where id = 3")
        _ = try await nights.night("in part", rangesOfChunk: 8)
        try await nights.run("delete from covered where id % 3 = 0; delete from configured where id % 50 = 0")
        _ = try await nights.night("in smaller parts", rangesOfChunk: 8)
        try await superuser.executeScript(
            "update pg_extension set extconfig = null, extcondition = null where extname = 'plpgsql'")
        try await superuser.executeScript("drop owned by \(role); drop role \(role)")
    }

    private static let tables = """
        create table covered (id int, note text);
        insert into covered select 20000 - g, md5(g::text) from generate_series(1, 20000) g;
        create index on covered (id, note); create index on covered (note) include (id);
        create table configured (id int, custom boolean, note text);
        insert into configured select 9000 - g, g % 3 > 0, md5(g::text) from generate_series(1, 9000) g;
        create index on configured (note, id) where custom; create index on configured (id) where custom;
        create table tiny (id int primary key, note text);
        insert into tiny select 100 - g, md5(g::text) from generate_series(1, 100) g;
        create index on tiny (note, id);
        create table unanalyzed (id int, note text);
        insert into unanalyzed select 9000 - g, md5(g::text) from generate_series(1, 9000) g;
        """
}
