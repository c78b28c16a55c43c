-- What each user drives or tows.   (owner only)
alter table public.vehicles enable row level security;

create policy "vehicles: own rows" on public.vehicles
  for all to authenticated
  using ((select auth.uid()) = user_id)
  with check ((select auth.uid()) = user_id);

grant select, insert, update, delete on public.vehicles to authenticated;
grant select, insert, update, delete on public.vehicles to service_role;
