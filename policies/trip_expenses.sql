-- What each user's trips cost.   (owner only, and only on a trip of one's own)
alter table public.trip_expenses enable row level security;

create policy "trip_expenses: own rows of own trips" on public.trip_expenses
  for all to authenticated
  using ((select auth.uid()) = user_id)
  with check (
    (select auth.uid()) = user_id
    and exists (
      select from public.user_trips as parent
      where parent.id = trip_expenses.trip_id and parent.user_id = (select auth.uid())
    )
  );

grant select, insert, update, delete on public.trip_expenses to authenticated;
grant select, insert, update, delete on public.trip_expenses to service_role;
