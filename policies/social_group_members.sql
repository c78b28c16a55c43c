-- Who belongs to which group.   (members read; one joins a public group oneself and leaves; owner and administrators of
-- the group manage)
--
-- Into a private group only its owner or an administrator of it lets people in. role is not granted:
-- public.set_group_member_role() changes it for who is in charge. Whoever was made inactive stays so until somebody in
-- charge says otherwise: they may neither switch themselves on nor leave and join again.
alter table public.social_group_members enable row level security;

create policy "social_group_members: read own groups" on public.social_group_members
  for select to authenticated
  using (
    (select auth.uid()) = user_id
    or public.is_group_member(group_id, (select auth.uid()))
    or public.is_group_admin(group_id, (select auth.uid()))
  );

create policy "social_group_members: join a public group" on public.social_group_members
  for insert to authenticated
  with check (
    (
      (select auth.uid()) = user_id
      and exists (
        select from public.social_groups as joined
        where joined.id = social_group_members.group_id and joined.privacy = 'public'
      )
    )
    or public.is_group_admin(group_id, (select auth.uid()))
  );

create policy "social_group_members: step back" on public.social_group_members
  for update to authenticated
  using ((select auth.uid()) = user_id or public.is_group_admin(group_id, (select auth.uid())))
  with check (
    ((select auth.uid()) = user_id and is_active = false)
    or public.is_group_admin(group_id, (select auth.uid()))
  );

create policy "social_group_members: leave" on public.social_group_members
  for delete to authenticated
  using (
    ((select auth.uid()) = user_id and is_active is not false)
    or public.is_group_admin(group_id, (select auth.uid()))
  );

grant select, delete on public.social_group_members to authenticated;
grant insert (group_id, user_id) on public.social_group_members to authenticated;
grant update (is_active) on public.social_group_members to authenticated;
grant select, insert, update, delete on public.social_group_members to service_role;
