-- Products of other shops.   (those on sale are read by everybody, also without signing in; administrators write)
alter table public.affiliate_products enable row level security;

create policy "affiliate_products: everybody reads what is on sale" on public.affiliate_products
  for select to anon
  using (is_active);

create policy "affiliate_products: read what is on sale" on public.affiliate_products
  for select to authenticated
  using (is_active or (select public.is_admin()));

create policy "affiliate_products: administrators add" on public.affiliate_products
  for insert to authenticated
  with check ((select public.is_admin()));

create policy "affiliate_products: administrators change" on public.affiliate_products
  for update to authenticated
  using ((select public.is_admin()))
  with check ((select public.is_admin()));

create policy "affiliate_products: administrators remove" on public.affiliate_products
  for delete to authenticated
  using ((select public.is_admin()));

grant select on public.affiliate_products to anon;
grant select, insert, update, delete on public.affiliate_products to authenticated;
grant select, insert, update, delete on public.affiliate_products to service_role;
