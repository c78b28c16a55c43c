-- The stops along each user's routes.   (owner only, and only on a route of one's own)
alter table public.trip_waypoints enable row level security;

create policy "trip_waypoints: own rows of own routes" on public.trip_waypoints
  for all to authenticated
  using ((select auth.uid()) = user_id)
  with check (
    (select auth.uid()) = user_id
    and exists (
      select from public.trip_routes as parent
      where parent.id = trip_waypoints.route_id and parent.user_id = (select auth.uid())
    )
  );

grant select, insert, update, delete on public.trip_waypoints to authenticated;
grant select, insert, update, delete on public.trip_waypoints to service_role;
