-- The switches of each user's settings page.   (owner only)
alter table public.user_settings enable row level security;

create policy "user_settings: own rows" on public.user_settings
  for all to authenticated
  using ((select auth.uid()) = user_id)
  with check ((select auth.uid()) = user_id);

grant select, insert, update, delete on public.user_settings to authenticated;
grant select, insert, update, delete on public.user_settings to service_role;
