-- What each user means to spend.   (owner only)
alter table public.budgets enable row level security;

create policy "budgets: own rows" on public.budgets
  for all to authenticated
  using ((select auth.uid()) = user_id)
  with check ((select auth.uid()) = user_id);

grant select, insert, update, delete on public.budgets to authenticated;
grant select, insert, update, delete on public.budgets to service_role;
