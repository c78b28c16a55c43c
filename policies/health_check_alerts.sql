-- Changes of the state of health.   (administrators read, the service role writes)
alter table public.health_check_alerts enable row level security;

create policy "health_check_alerts: administrators read" on public.health_check_alerts
  for select to authenticated
  using ((select public.is_admin()));

grant select on public.health_check_alerts to authenticated;
grant select, insert, update, delete on public.health_check_alerts to service_role;
