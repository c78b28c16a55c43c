-- What each user earns.   (owner only)
alter table public.income_entries enable row level security;

create policy "income_entries: own rows" on public.income_entries
  for all to authenticated
  using ((select auth.uid()) = user_id)
  with check ((select auth.uid()) = user_id);

grant select, insert, update, delete on public.income_entries to authenticated;
grant select, insert, update, delete on public.income_entries to service_role;
