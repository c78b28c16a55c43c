-- The devices on which each user is signed in.   (owner only)
alter table public.user_active_sessions enable row level security;

create policy "user_active_sessions: own rows" on public.user_active_sessions
  for all to authenticated
  using ((select auth.uid()) = user_id)
  with check ((select auth.uid()) = user_id);

grant select, insert, update, delete on public.user_active_sessions to authenticated;
grant select, insert, update, delete on public.user_active_sessions to service_role;
