import PostgresClient
import PostgresTypes

extension JobRun {
    /// Counts events by UTC day into `daily_usage_stats`, and notes the first and last day of each user.
    ///
    /// Only days that are over are counted. A day younger than 90 days is counted again on every run, so that events
    /// that came late count; an older one once, for its events may be purged afterwards.
    mutating func rollUpDailyUsage() async throws {
        let now = now
        let days = try await reading { session in
            let rows = try await session.query(Self.changedDays(now: now))
            return try rows.map { try $0.value("day", as: String.self) }
        }
        var done = 0
        for day in days {
            if options.isDryRun {
                done += 1
                continue
            }
            if isAtLimit(adding: done) { break }
            done += try await transaction(on: "daily_usage_stats") { try await $0.execute(Self.upsert(day: day)) }
            onEvent(.progress(job, table: "daily_usage_stats", done: done, total: days.count))
            try await Task.sleep(for: options.pause)
        }
        count("daily_usage_stats", .upsert, done, left: days.count - done)
        if done < days.count, isAtLimit(adding: 0) { report.outcome = .stopped }
        try await noteActivity()
    }

    /// The days that are over, whose events give other numbers than the stored ones.
    private static func changedDays(now: String) -> Query {
        """
        with border as (
          select (\(now)::timestamptz at time zone 'UTC')::date as today,
                 (\(now)::timestamptz - interval '2160 hours') at time zone 'UTC' as oldest
        ), counted as (
          \(unsafeSQL: countedDays)
          where e.created_at < (b.today::timestamp at time zone 'UTC')
          group by 1
        )
        select c.day::text as day
        from counted c
        cross join border b
        left join public.daily_usage_stats s on s.date = c.day
        where s.date is null
           or (c.day >= b.oldest
               and (s.unique_users, s.total_events, s.total_tool_calls, s.estimated_cost)
                   is distinct from (c.users, c.events, c.calls, c.cost))
        order by c.day
        """
    }

    private static let countedDays = """
        select (e.created_at at time zone 'UTC')::date as day,
               pg_catalog.count(distinct e.user_id)::integer as users, pg_catalog.count(*) as events,
               pg_catalog.count(*) filter (where e.event_type = 'tool_call') as calls,
               pg_catalog.sum(e.cost_estimate) as cost
        from public.usage_events e cross join border b
        """

    private static func upsert(day: String) -> Query {
        """
        insert into public.daily_usage_stats as s (date, unique_users, total_events, total_tool_calls, estimated_cost)
        select \(day)::date, pg_catalog.count(distinct e.user_id), pg_catalog.count(*),
               pg_catalog.count(*) filter (where e.event_type = 'tool_call'), coalesce(pg_catalog.sum(e.cost_estimate), 0)
        from public.usage_events e
        where e.created_at >= \(day)::date::timestamp at time zone 'UTC'
          and e.created_at < (\(day)::date + 1)::timestamp at time zone 'UTC'
        having pg_catalog.count(*) > 0
        on conflict (date) do update
          set unique_users = excluded.unique_users, total_events = excluded.total_events,
              total_tool_calls = excluded.total_tool_calls, estimated_cost = excluded.estimated_cost
          where (s.unique_users, s.total_events, s.total_tool_calls, s.estimated_cost)
                is distinct from
                (excluded.unique_users, excluded.total_events, excluded.total_tool_calls, excluded.estimated_cost)
        """
    }

    /// Brings `user_activity` up to date, a batch of users at a time.
    private mutating func noteActivity() async throws {
        let now = now
        let total = try await reading { session in
            try await Self.number(Self.changedUserCount(now: now), in: session)
        }
        guard !options.isDryRun else { return count("user_activity", .upsert, total) }
        var done = 0
        while done < total, !isAtLimit(adding: done) {
            let limit = nextBatch(after: done)
            let changed = try await transaction(on: "user_activity") { session in
                try await session.execute(Self.activityUpsert(now: now, limit: limit))
            }
            guard changed > 0 else { break }
            done += changed
            onEvent(.progress(job, table: "user_activity", done: done, total: total))
            try await Task.sleep(for: options.pause)
        }
        count("user_activity", .upsert, done, left: max(total - done, 0))
        if done < total, isAtLimit(adding: 0) { report.outcome = .stopped }
    }

    /// Users whose events say an earlier first or a later last day than what is stored; `$1` is now.
    private static let changedUsers = """
        select e.user_id, pg_catalog.min((e.created_at at time zone 'UTC')::date) as first_day,
               pg_catalog.max((e.created_at at time zone 'UTC')::date) as last_day
        from public.usage_events e
        left join public.user_activity a on a.user_id = e.user_id
        where e.created_at < (($1::timestamptz at time zone 'UTC')::date::timestamp at time zone 'UTC')
        group by e.user_id, a.first_seen, a.last_seen
        having a.first_seen is null
            or pg_catalog.min((e.created_at at time zone 'UTC')::date) < a.first_seen
            or pg_catalog.max((e.created_at at time zone 'UTC')::date) > a.last_seen
        """

    private static func changedUserCount(now: String) -> Query {
        Query(unsafeSQL: "select pg_catalog.count(*) as rows from (\(changedUsers)) u", parameters: [now])
    }

    private static func activityUpsert(now: String, limit: Int) -> Query {
        Query(
            unsafeSQL: """
                insert into public.user_activity as a (user_id, first_seen, last_seen)
                select u.user_id, u.first_day, u.last_day from (\(changedUsers)) u order by u.user_id limit \(limit)
                on conflict (user_id) do update
                  set first_seen = least(a.first_seen, excluded.first_seen),
                      last_seen = greatest(a.last_seen, excluded.last_seen)
                """,
            parameters: [now])
    }
}
