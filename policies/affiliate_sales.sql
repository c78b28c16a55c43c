-- Sales that a provider credited.   (own rows, read only; written as service_role)
alter table public.affiliate_sales enable row level security;

create policy "affiliate_sales: read own" on public.affiliate_sales
  for select to authenticated
  using ((select auth.uid()) = user_id);

grant select on public.affiliate_sales to authenticated;
grant select, insert, update, delete on public.affiliate_sales to service_role;
