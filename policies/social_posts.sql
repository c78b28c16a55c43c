-- What users write.   (approved posts are read by all who are signed in, those of a group by its members; own ones
-- written; administrators moderate)
--
-- status and the counters are not granted: public.moderate_post() sets the one, triggers keep the others.
alter table public.social_posts enable row level security;

create policy "social_posts: read own and approved" on public.social_posts
  for select to authenticated
  using (
    (select auth.uid()) = user_id
    or (select public.is_admin())
    or (
      status = 'approved'
      and (
        group_id is null
        or public.is_group_member(group_id, (select auth.uid()))
        or public.is_group_admin(group_id, (select auth.uid()))
      )
    )
  );

create policy "social_posts: add own" on public.social_posts
  for insert to authenticated
  with check (
    (select auth.uid()) = user_id
    and (
      group_id is null
      or public.is_group_member(group_id, (select auth.uid()))
      or public.is_group_admin(group_id, (select auth.uid()))
    )
  );

create policy "social_posts: change own" on public.social_posts
  for update to authenticated
  using ((select auth.uid()) = user_id)
  with check ((select auth.uid()) = user_id);

create policy "social_posts: remove own" on public.social_posts
  for delete to authenticated
  using ((select auth.uid()) = user_id or (select public.is_admin()));

grant select, delete on public.social_posts to authenticated;
grant insert (id, user_id, content, image_url, video_url, location, group_id) on public.social_posts to authenticated;
grant update (content, image_url, video_url) on public.social_posts to authenticated;
grant select, insert, update, delete on public.social_posts to service_role;
