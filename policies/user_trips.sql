-- Each user's trips.   (owner; others read what the owner shares with friends or with all who are signed in)
alter table public.user_trips enable row level security;

create policy "user_trips: read own and shared" on public.user_trips
  for select to authenticated
  using (
    (select auth.uid()) = user_id
    or privacy_level = 'public'
    or (
      privacy_level = 'friends'
      and user_id in (
        select case
          when friendship.requester_id = (select auth.uid()) then friendship.addressee_id
          else friendship.requester_id
        end
        from public.user_friendships as friendship
        where friendship.status = 'accepted'
          and (select auth.uid()) in (friendship.requester_id, friendship.addressee_id)
      )
    )
  );

create policy "user_trips: add own" on public.user_trips
  for insert to authenticated
  with check ((select auth.uid()) = user_id);

create policy "user_trips: change own" on public.user_trips
  for update to authenticated
  using ((select auth.uid()) = user_id)
  with check ((select auth.uid()) = user_id);

create policy "user_trips: remove own" on public.user_trips
  for delete to authenticated
  using ((select auth.uid()) = user_id);

grant select, insert, update, delete on public.user_trips to authenticated;
grant select, insert, update, delete on public.user_trips to service_role;
