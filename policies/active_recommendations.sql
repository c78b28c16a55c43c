-- What PAM recommends.   (own read; own may accept, dismiss and delete; the service role writes)
alter table public.active_recommendations enable row level security;

create policy "active_recommendations: read own" on public.active_recommendations
  for select to authenticated
  using ((select auth.uid()) = user_id);

create policy "active_recommendations: answer own" on public.active_recommendations
  for update to authenticated
  using ((select auth.uid()) = user_id)
  with check ((select auth.uid()) = user_id);

create policy "active_recommendations: delete own" on public.active_recommendations
  for delete to authenticated
  using ((select auth.uid()) = user_id);

grant select, delete on public.active_recommendations to authenticated;
grant update (status) on public.active_recommendations to authenticated;
grant select, insert, update, delete on public.active_recommendations to service_role;
