-- Switches and limits of the whole app.   (read by all who are signed in; administrators write)
alter table public.system_settings enable row level security;

create policy "system_settings: read" on public.system_settings
  for select to authenticated
  using (true);

create policy "system_settings: administrators add" on public.system_settings
  for insert to authenticated
  with check ((select public.is_admin()));

create policy "system_settings: administrators change" on public.system_settings
  for update to authenticated
  using ((select public.is_admin()))
  with check ((select public.is_admin()));

create policy "system_settings: administrators remove" on public.system_settings
  for delete to authenticated
  using ((select public.is_admin()));

grant select, insert, update, delete on public.system_settings to authenticated;
grant select, insert, update, delete on public.system_settings to service_role;
