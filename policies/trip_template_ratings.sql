-- Stars that users gave to templates.   (read by all who are signed in; own ones written, for templates one may see)
alter table public.trip_template_ratings enable row level security;

create policy "trip_template_ratings: read" on public.trip_template_ratings
  for select to authenticated
  using (true);

create policy "trip_template_ratings: add own" on public.trip_template_ratings
  for insert to authenticated
  with check (
    (select auth.uid()) = user_id
    and exists (select from public.trip_templates as parent where parent.id = trip_template_ratings.template_id)
  );

create policy "trip_template_ratings: change own" on public.trip_template_ratings
  for update to authenticated
  using ((select auth.uid()) = user_id)
  with check (
    (select auth.uid()) = user_id
    and exists (select from public.trip_templates as parent where parent.id = trip_template_ratings.template_id)
  );

create policy "trip_template_ratings: remove own" on public.trip_template_ratings
  for delete to authenticated
  using ((select auth.uid()) = user_id);

grant select, insert, update, delete on public.trip_template_ratings to authenticated;
grant select, insert, update, delete on public.trip_template_ratings to service_role;
