-- Each user's appointments.   (owner only)
alter table public.calendar_events enable row level security;

create policy "calendar_events: own rows" on public.calendar_events
  for all to authenticated
  using ((select auth.uid()) = user_id)
  with check ((select auth.uid()) = user_id);

grant select, insert, update, delete on public.calendar_events to authenticated;
grant select, insert, update, delete on public.calendar_events to service_role;
