-- How the health tests went.   (administrators read, the service role writes)
alter table public.health_check_history enable row level security;

create policy "health_check_history: administrators read" on public.health_check_history
  for select to authenticated
  using ((select public.is_admin()));

grant select on public.health_check_history to authenticated;
grant select, insert, update, delete on public.health_check_history to service_role;
