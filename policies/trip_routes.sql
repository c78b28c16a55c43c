-- The legs of each user's trips.   (owner only, and only on a trip of one's own)
alter table public.trip_routes enable row level security;

create policy "trip_routes: own rows of own trips" on public.trip_routes
  for all to authenticated
  using ((select auth.uid()) = user_id)
  with check (
    (select auth.uid()) = user_id
    and exists (
      select from public.user_trips as parent
      where parent.id = trip_routes.trip_id and parent.user_id = (select auth.uid())
    )
  );

grant select, insert, update, delete on public.trip_routes to authenticated;
grant select, insert, update, delete on public.trip_routes to service_role;
