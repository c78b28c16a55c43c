-- The calendar, support tickets, and the table that the backend's probe reads.

-- The types are those of the database so far and those that the app writes.
create table public.calendar_events (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  title text not null,
  description text,
  start_date timestamptz not null,
  end_date timestamptz not null,
  all_day boolean not null default false,
  event_type text not null default 'personal' check (
    event_type in (
      'personal',
      'trip',
      'maintenance',
      'meeting',
      'reminder',
      'birthday',
      'holiday',
      'booking',
      'inspection'
    )
  ),
  location_name text,
  reminder_minutes integer[] default '{15}',
  color text not null default '#3b82f6',
  is_private boolean not null default true,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint calendar_events_dates_check check (end_date >= start_date)
);
alter table public.calendar_events enable row level security;
comment on table public.calendar_events is
  'Appointments of a user, from trips to inspections.';
create index calendar_events_user_id_start_date_idx
  on public.calendar_events (user_id, start_date);
create index calendar_events_user_id_event_type_idx
  on public.calendar_events (user_id, event_type);
create trigger update_calendar_events_updated_at
  before update on public.calendar_events
  for each row execute function public.update_updated_at_column();

create table public.support_tickets (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  subject text not null,
  message text not null,
  status text default 'open'
    check (status in ('open', 'in_progress', 'resolved', 'closed')),
  category text,
  current_page text,
  created_at timestamptz default now()
);
alter table public.support_tickets enable row level security;
comment on table public.support_tickets is
  'Questions of users to the people who run the app.';
create index support_tickets_user_id_idx on public.support_tickets (user_id);
create index support_tickets_status_idx on public.support_tickets (status);

create table public.health_check (
  id uuid primary key default gen_random_uuid(),
  service_name text not null default 'pam_backend',
  status text not null default 'healthy',
  checked_at timestamptz default now(),
  details jsonb,
  created_at timestamptz default now()
);
alter table public.health_check enable row level security;
comment on table public.health_check is
  'What each service last said about itself; the backend''s probe reads one row.';
create index health_check_checked_at_idx on public.health_check (checked_at);

-- migrate:down

drop table public.health_check;
drop table public.support_tickets;
drop table public.calendar_events;
