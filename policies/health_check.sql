-- What each service last said about itself.   (read by all who are signed in; written as service_role)
alter table public.health_check enable row level security;

create policy "health_check: read" on public.health_check
  for select to authenticated
  using (true);

grant select on public.health_check to authenticated;
grant select, insert, update, delete on public.health_check to service_role;
