import PostgresClient
import PostgresTypes

/// What users did in one week, which begins on Monday, 0:00 UTC.
public struct EngagementWeek: Sendable, Hashable, Codable {
    /// The Monday, such as `2026-01-05`.
    public let week: String
    /// Users who did anything: an event, a message to PAM, a trip, an expense or a post.
    public let activeUsers: Int
    /// Accounts made in the week.
    public let newUsers: Int
    /// Users who were active the week before as well.
    public let returningUsers: Int
    /// The share of last week's users who came back, 0 to 1; `nil` when there were none.
    public let retention: Double?
    /// Messages that users wrote to PAM.
    public let messages: Int
    /// Trips made.
    public let trips: Int
    /// Expenses entered.
    public let expenses: Int
    /// Posts written.
    public let posts: Int
    /// Whether the week is not over yet.
    public let isRunning: Bool
}

extension JobRun {
    /// Reads what happened by week; one snapshot, nothing is written.
    mutating func reportEngagement() async throws {
        let (now, weeks) = (now, options.weeks)
        report.weeks = try await reading { session in
            try await session.query(Self.engagement(now: now, weeks: weeks)).map(EngagementWeek.init)
        }
    }

    private static func engagement(now: String, weeks: Int) -> Query {
        """
        with weeks as (
          select (pg_catalog.date_trunc('week', \(now)::timestamptz at time zone 'UTC')
                  - pg_catalog.make_interval(weeks => n))::date as week
          from pg_catalog.generate_series(0, \(weeks)::integer) n
        ), border as (
          select (pg_catalog.min(week)::timestamp at time zone 'UTC') as oldest, \(now)::timestamptz as newest from weeks
        ), deeds as (
          select user_id, 'event' as kind, created_at from public.usage_events
          union all
          select c.user_id, 'message', m.created_at
          from public.pam_messages m join public.pam_conversations c on c.id = m.conversation_id where m.role = 'user'
          union all
          select user_id, 'trip', created_at from public.user_trips
          union all
          select user_id, 'expense', created_at from public.expenses
          union all
          select user_id, 'post', created_at from public.social_posts
        ), dated as (
          select d.user_id, d.kind, pg_catalog.date_trunc('week', d.created_at at time zone 'UTC')::date as week
          from deeds d, border b where d.created_at >= b.oldest and d.created_at <= b.newest
        ), people as (
          select distinct week, user_id from dated
        )
        select w.week::text as week,
          (select pg_catalog.count(*) from people p where p.week = w.week) as active,
          (select pg_catalog.count(*) from public.profiles f, border b
           where f.created_at >= w.week::timestamp at time zone 'UTC'
             and f.created_at < (w.week + 7)::timestamp at time zone 'UTC' and f.created_at <= b.newest) as new,
          (select pg_catalog.count(*) from people p join people q on q.user_id = p.user_id and q.week = p.week - 7
           where p.week = w.week) as returning,
          (select pg_catalog.count(*) from people p where p.week = w.week - 7) as before,
          (select pg_catalog.count(*) from dated d where d.week = w.week and d.kind = 'message') as messages,
          (select pg_catalog.count(*) from dated d where d.week = w.week and d.kind = 'trip') as trips,
          (select pg_catalog.count(*) from dated d where d.week = w.week and d.kind = 'expense') as expenses,
          (select pg_catalog.count(*) from dated d where d.week = w.week and d.kind = 'post') as posts,
          ((w.week + 7)::timestamp at time zone 'UTC' > b.newest)::text as running
        from weeks w cross join border b
        order by w.week
        offset 1
        """
    }
}

extension EngagementWeek {
    fileprivate init(_ row: Row) throws {
        let (returning, before): (Int, Int) = (try row.value("returning"), try row.value("before"))
        self.init(
            week: try row.value("week"), activeUsers: try row.value("active"), newUsers: try row.value("new"),
            returningUsers: returning, retention: before == 0 ? nil : Double(returning) / Double(before),
            messages: try row.value("messages"), trips: try row.value("trips"), expenses: try row.value("expenses"),
            posts: try row.value("posts"), isRunning: try row.value("running"))
    }
}
