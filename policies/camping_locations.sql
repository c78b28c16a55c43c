-- The shared directory of camp sites.   (read by all who are signed in; administrators write, and the data collector
-- as service_role)
alter table public.camping_locations enable row level security;

create policy "camping_locations: read" on public.camping_locations
  for select to authenticated
  using (true);

create policy "camping_locations: administrators add" on public.camping_locations
  for insert to authenticated
  with check ((select public.is_admin()));

create policy "camping_locations: administrators change" on public.camping_locations
  for update to authenticated
  using ((select public.is_admin()))
  with check ((select public.is_admin()));

create policy "camping_locations: administrators remove" on public.camping_locations
  for delete to authenticated
  using ((select public.is_admin()));

grant select, insert, update, delete on public.camping_locations to authenticated;
grant select, insert, update, delete on public.camping_locations to service_role;
