-- Comments under posts.   (read with the post by who may see it; own ones written)
alter table public.post_comments enable row level security;

create policy "post_comments: read with the post" on public.post_comments
  for select to authenticated
  using (exists (select from public.social_posts as parent where parent.id = post_comments.post_id));

create policy "post_comments: add own" on public.post_comments
  for insert to authenticated
  with check (
    (select auth.uid()) = user_id
    and exists (select from public.social_posts as parent where parent.id = post_comments.post_id)
  );

create policy "post_comments: change own" on public.post_comments
  for update to authenticated
  using ((select auth.uid()) = user_id)
  with check (
    (select auth.uid()) = user_id
    and exists (select from public.social_posts as parent where parent.id = post_comments.post_id)
  );

create policy "post_comments: remove own" on public.post_comments
  for delete to authenticated
  using ((select auth.uid()) = user_id);

grant select, insert, update, delete on public.post_comments to authenticated;
grant select, insert, update, delete on public.post_comments to service_role;
