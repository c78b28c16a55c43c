-- Each user's everyday spending.   (owner only)
--
-- The number of a row comes from the sequence: who could choose it would make the next inserts of all others fail.
alter table public.expenses enable row level security;

create policy "expenses: own rows" on public.expenses
  for all to authenticated
  using ((select auth.uid()) = user_id)
  with check ((select auth.uid()) = user_id);

grant select, delete on public.expenses to authenticated;
grant insert (
  user_id, amount, category, date, expense_date, description, created_at
) on public.expenses to authenticated;
grant update (
  user_id, amount, category, date, expense_date, description, created_at
) on public.expenses to authenticated;
grant select, insert, update, delete on public.expenses to service_role;
grant usage on sequence public.expenses_id_seq to authenticated, service_role;
