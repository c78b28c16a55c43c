-- Groups.   (public ones are read by all who are signed in, private ones by members; the owner writes)
--
-- admin_id is the older twin of owner_id and counts as owner. Neither is granted for an update, so a group stays with
-- its owner; member_count is kept by a trigger.
alter table public.social_groups enable row level security;

create policy "social_groups: read public and joined" on public.social_groups
  for select to authenticated
  using (
    privacy = 'public'
    or (select auth.uid()) = owner_id
    or (select auth.uid()) = admin_id
    or public.is_group_member(id, (select auth.uid()))
  );

create policy "social_groups: add own" on public.social_groups
  for insert to authenticated
  with check ((select auth.uid()) = owner_id and (admin_id is null or (select auth.uid()) = admin_id));

create policy "social_groups: change own" on public.social_groups
  for update to authenticated
  using ((select auth.uid()) = owner_id or (select auth.uid()) = admin_id)
  with check ((select auth.uid()) = owner_id or (select auth.uid()) = admin_id);

create policy "social_groups: remove own" on public.social_groups
  for delete to authenticated
  using ((select auth.uid()) = owner_id or (select auth.uid()) = admin_id);

grant select, delete on public.social_groups to authenticated;
grant insert (
  id, name, description, location, cover, avatar_url, owner_id, admin_id, privacy, activity_level, is_active
) on public.social_groups to authenticated;
grant update (
  name, description, location, cover, avatar_url, privacy, activity_level, is_active, updated_at
) on public.social_groups to authenticated;
grant select, insert, update, delete on public.social_groups to service_role;
