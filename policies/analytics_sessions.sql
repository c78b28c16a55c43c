-- Visits.   (own read, the service role writes)
alter table public.analytics_sessions enable row level security;

create policy "analytics_sessions: own rows" on public.analytics_sessions
  for select to authenticated
  using ((select auth.uid()) = user_id);

grant select on public.analytics_sessions to authenticated;
grant select, insert, update, delete on public.analytics_sessions to service_role;
