-- What users do, one event each, and what the daily job makes of it.

create table public.usage_events (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  event_type text not null,
  tool_name text,
  cost_estimate numeric(10, 4) not null default 0 check (cost_estimate >= 0),
  metadata jsonb default '{}',
  created_at timestamptz not null default now()
);
alter table public.usage_events enable row level security;
comment on table public.usage_events is
  'One thing a user did: a message, a tool call, a page. Kept for 90 days, then only as daily_usage_stats.';
comment on column public.usage_events.event_type is
  'Free text; tool_call is what daily_usage_stats counts as a tool call.';
create index usage_events_user_id_created_at_idx on public.usage_events (user_id, created_at);
create index usage_events_created_at_idx on public.usage_events (created_at);

create table public.daily_usage_stats (
  id uuid primary key default gen_random_uuid(),
  date date not null unique,
  unique_users integer not null default 0,
  total_events bigint not null default 0,
  total_tool_calls bigint not null default 0,
  estimated_cost numeric(14, 4) not null default 0,
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
alter table public.daily_usage_stats enable row level security;
comment on table public.daily_usage_stats is
  'usage_events by UTC day, written by the job rollup_daily_usage; outlives the events.';
create trigger update_daily_usage_stats_updated_at
  before update on public.daily_usage_stats
  for each row execute function public.update_updated_at_column();

create table public.user_activity (
  user_id uuid primary key references auth.users (id) on delete cascade,
  first_seen date not null,
  last_seen date not null,
  constraint user_activity_dates_check check (last_seen >= first_seen)
);
alter table public.user_activity enable row level security;
comment on table public.user_activity is
  'The first and the last UTC day with an event of each user, written by the job rollup_daily_usage.';
create index user_activity_last_seen_idx on public.user_activity (last_seen);

create table public.analytics_sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  session_start timestamptz not null default now(),
  session_end timestamptz,
  page_views integer not null default 0 check (page_views >= 0),
  bounce_rate numeric(5, 2) check (bounce_rate between 0 and 100),
  ip_address inet,
  user_agent text,
  created_at timestamptz default now(),
  constraint analytics_sessions_times_check check (session_end >= session_start)
);
alter table public.analytics_sessions enable row level security;
comment on table public.analytics_sessions is
  'One visit of a user to the app; kept for 90 days.';
create index analytics_sessions_user_id_session_start_idx
  on public.analytics_sessions (user_id, session_start);
create index analytics_sessions_session_start_idx on public.analytics_sessions (session_start);

-- migrate:down

drop table public.analytics_sessions;
drop table public.user_activity;
drop table public.daily_usage_stats;
drop table public.usage_events;
