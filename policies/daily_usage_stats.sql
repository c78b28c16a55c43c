-- Usage by day.   (administrators read, the service role writes)
alter table public.daily_usage_stats enable row level security;

create policy "daily_usage_stats: administrators read" on public.daily_usage_stats
  for select to authenticated
  using ((select public.is_admin()));

grant select on public.daily_usage_stats to authenticated;
grant select, insert, update, delete on public.daily_usage_stats to service_role;
