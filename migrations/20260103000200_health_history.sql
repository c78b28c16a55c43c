-- What the job record_health remembers: each test of each run, and each change
-- between healthy and degraded.

create table public.health_check_history (
  id uuid primary key default gen_random_uuid(),
  test_name text not null,
  status text not null check (status in ('pass', 'fail')),
  duration_ms integer not null check (duration_ms >= 0),
  message text,
  "timestamp" timestamptz not null default now()
);
alter table public.health_check_history enable row level security;
comment on table public.health_check_history is
  'How each health test went, one row for each test of each run; kept for 30 days.';
create index health_check_history_timestamp_idx on public.health_check_history ("timestamp");
create index health_check_history_test_name_timestamp_idx
  on public.health_check_history (test_name, "timestamp");

create table public.health_check_alerts (
  id uuid primary key default gen_random_uuid(),
  status text not null check (status in ('healthy', 'degraded', 'critical')),
  failed_tests text[] not null default '{}',
  message text,
  created_at timestamptz not null default now()
);
alter table public.health_check_alerts enable row level security;
comment on table public.health_check_alerts is
  'One row for each change of the state of health, the return to healthy included; kept for 365 days.';
create index health_check_alerts_created_at_idx on public.health_check_alerts (created_at);

-- migrate:down

drop table public.health_check_alerts;
drop table public.health_check_history;
