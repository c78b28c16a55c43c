-- Facts and preferences that PAM keeps about each user.   (owner only)
alter table public.memories enable row level security;

create policy "memories: own rows" on public.memories
  for all to authenticated
  using ((select auth.uid()) = user_id)
  with check ((select auth.uid()) = user_id);

grant select, insert, update, delete on public.memories to authenticated;
grant select, insert, update, delete on public.memories to service_role;
