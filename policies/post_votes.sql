-- Votes on posts.   (read with the post by who may see it; own ones written)
alter table public.post_votes enable row level security;

create policy "post_votes: read with the post" on public.post_votes
  for select to authenticated
  using (exists (select from public.social_posts as parent where parent.id = post_votes.post_id));

create policy "post_votes: add own" on public.post_votes
  for insert to authenticated
  with check (
    (select auth.uid()) = user_id
    and exists (select from public.social_posts as parent where parent.id = post_votes.post_id)
  );

create policy "post_votes: change own" on public.post_votes
  for update to authenticated
  using ((select auth.uid()) = user_id)
  with check (
    (select auth.uid()) = user_id
    and exists (select from public.social_posts as parent where parent.id = post_votes.post_id)
  );

create policy "post_votes: remove own" on public.post_votes
  for delete to authenticated
  using ((select auth.uid()) = user_id);

grant select, insert, update, delete on public.post_votes to authenticated;
grant select, insert, update, delete on public.post_votes to service_role;
