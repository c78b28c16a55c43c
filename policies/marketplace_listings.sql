-- Things that users sell to one another.   (approved ones are read by all who are signed in; own ones written;
-- administrators moderate)
--
-- status is not granted: a listing starts as 'pending', public.moderate_listing() decides, and its owner ends it by
-- public.close_listing().
alter table public.marketplace_listings enable row level security;

create policy "marketplace_listings: read own and approved" on public.marketplace_listings
  for select to authenticated
  using (
    status in ('active', 'approved')
    or (select auth.uid()) = user_id
    or (select public.is_admin())
  );

create policy "marketplace_listings: add own" on public.marketplace_listings
  for insert to authenticated
  with check ((select auth.uid()) = user_id);

create policy "marketplace_listings: change own" on public.marketplace_listings
  for update to authenticated
  using ((select auth.uid()) = user_id)
  with check ((select auth.uid()) = user_id);

create policy "marketplace_listings: remove own" on public.marketplace_listings
  for delete to authenticated
  using ((select auth.uid()) = user_id or (select public.is_admin()));

grant select, delete on public.marketplace_listings to authenticated;
grant insert (
  id, user_id, title, description, location, image, seller, posted, price, category, condition, photos, is_favorite
) on public.marketplace_listings to authenticated;
grant update (
  title, description, location, image, seller, posted, price, category, condition, photos, is_favorite, updated_at
) on public.marketplace_listings to authenticated;
grant select, insert, update, delete on public.marketplace_listings to service_role;
