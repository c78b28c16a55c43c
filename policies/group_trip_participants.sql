-- Who was invited to a group trip, and what they answered.   (participants read; the organizer invites and removes;
-- each answers for themselves)
--
-- Only trip and user are granted for an invitation: it starts as 'participant' and 'invited', so nobody accepts for
-- somebody else or makes an organizer. An answer changes status alone. The helpers read both tables as their owner:
-- asking the tables from each other's policies would recurse (42P17).
alter table public.group_trip_participants enable row level security;

create policy "group_trip_participants: read with the trip" on public.group_trip_participants
  for select to authenticated
  using (
    (select auth.uid()) = user_id
    or public.is_trip_participant(trip_id, (select auth.uid()))
    or public.is_trip_organizer(trip_id, (select auth.uid()))
  );

create policy "group_trip_participants: organizer invites" on public.group_trip_participants
  for insert to authenticated
  with check (public.is_trip_organizer(trip_id, (select auth.uid())));

create policy "group_trip_participants: answer for oneself" on public.group_trip_participants
  for update to authenticated
  using ((select auth.uid()) = user_id)
  with check ((select auth.uid()) = user_id);

create policy "group_trip_participants: leave or be removed" on public.group_trip_participants
  for delete to authenticated
  using ((select auth.uid()) = user_id or public.is_trip_organizer(trip_id, (select auth.uid())));

grant select, delete on public.group_trip_participants to authenticated;
grant insert (id, trip_id, user_id) on public.group_trip_participants to authenticated;
grant update (status) on public.group_trip_participants to authenticated;
grant select, insert, update, delete on public.group_trip_participants to service_role;
