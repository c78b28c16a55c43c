-- Each click on an affiliate link.   (added by all who are signed in, under no name or their own; administrators read)
alter table public.affiliate_product_clicks enable row level security;

create policy "affiliate_product_clicks: administrators read" on public.affiliate_product_clicks
  for select to authenticated
  using ((select public.is_admin()));

create policy "affiliate_product_clicks: add own" on public.affiliate_product_clicks
  for insert to authenticated
  with check (user_id is null or (select auth.uid()) = user_id);

grant select on public.affiliate_product_clicks to authenticated;
grant insert (id, product_id, user_id, ip_address, user_agent, referrer, metadata)
  on public.affiliate_product_clicks to authenticated;
grant select, insert, update, delete on public.affiliate_product_clicks to service_role;
