-- Requests of friendship.   (either side reads; one asks in one's own name; who was asked answers, who asked may take
-- it back; either side ends it)
--
-- Neither person of a request is granted for an update. Who was blocked cannot remove the row and ask again.
alter table public.user_friendships enable row level security;

create policy "user_friendships: read own" on public.user_friendships
  for select to authenticated
  using ((select auth.uid()) = requester_id or (select auth.uid()) = addressee_id);

create policy "user_friendships: ask" on public.user_friendships
  for insert to authenticated
  with check ((select auth.uid()) = requester_id);

create policy "user_friendships: answer or take back" on public.user_friendships
  for update to authenticated
  using (
    (select auth.uid()) = addressee_id
    or ((select auth.uid()) = requester_id and status = 'pending')
  )
  with check (
    (select auth.uid()) = addressee_id
    or ((select auth.uid()) = requester_id and status in ('pending', 'declined'))
  );

create policy "user_friendships: end" on public.user_friendships
  for delete to authenticated
  using (
    (select auth.uid()) = addressee_id
    or ((select auth.uid()) = requester_id and status is distinct from 'blocked')
  );

grant select, delete on public.user_friendships to authenticated;
grant insert (id, requester_id, addressee_id) on public.user_friendships to authenticated;
grant update (status, updated_at) on public.user_friendships to authenticated;
grant select, insert, update, delete on public.user_friendships to service_role;
