-- Trips that several users plan together.   (creator; who takes part or is invited reads)
alter table public.group_trips enable row level security;

create policy "group_trips: read own and joined" on public.group_trips
  for select to authenticated
  using ((select auth.uid()) = created_by or public.is_trip_participant(id, (select auth.uid())));

create policy "group_trips: add own" on public.group_trips
  for insert to authenticated
  with check ((select auth.uid()) = created_by);

create policy "group_trips: change own" on public.group_trips
  for update to authenticated
  using ((select auth.uid()) = created_by)
  with check ((select auth.uid()) = created_by);

create policy "group_trips: remove own" on public.group_trips
  for delete to authenticated
  using ((select auth.uid()) = created_by);

grant select, insert, update, delete on public.group_trips to authenticated;
grant select, insert, update, delete on public.group_trips to service_role;
