-- What users did.   (own and administrators read, own insert; the service role writes)
alter table public.usage_events enable row level security;

create policy "usage_events: own rows or administrator" on public.usage_events
  for select to authenticated
  using ((select auth.uid()) = user_id or (select public.is_admin()));

create policy "usage_events: insert own" on public.usage_events
  for insert to authenticated
  with check ((select auth.uid()) = user_id);

grant select, insert on public.usage_events to authenticated;
grant select, insert, update, delete on public.usage_events to service_role;
