-- First and last day of each user.   (own read, the service role writes)
alter table public.user_activity enable row level security;

create policy "user_activity: own row" on public.user_activity
  for select to authenticated
  using ((select auth.uid()) = user_id);

grant select on public.user_activity to authenticated;
grant select, insert, update, delete on public.user_activity to service_role;
