-- The shared tree of categories.   (read by all who are signed in; administrators write)
alter table public.transaction_categories enable row level security;

create policy "transaction_categories: read" on public.transaction_categories
  for select to authenticated
  using (true);

create policy "transaction_categories: administrators add" on public.transaction_categories
  for insert to authenticated
  with check ((select public.is_admin()));

create policy "transaction_categories: administrators change" on public.transaction_categories
  for update to authenticated
  using ((select public.is_admin()))
  with check ((select public.is_admin()));

create policy "transaction_categories: administrators remove" on public.transaction_categories
  for delete to authenticated
  using ((select public.is_admin()));

grant select, insert, update, delete on public.transaction_categories to authenticated;
grant select, insert, update, delete on public.transaction_categories to service_role;
grant usage on sequence public.transaction_categories_id_seq to authenticated, service_role;
