-- Trips to copy.   (public ones are read by everybody, also without signing in; owners write theirs, administrators
-- all)
--
-- Counters (usage_count, average_rating, total_ratings) and is_featured are not granted: functions and triggers keep
-- them, public.feature_template() features. Only an administrator makes a template of the system (user_id is null,
-- template_type is not 'user').
alter table public.trip_templates enable row level security;

create policy "trip_templates: everybody reads public ones" on public.trip_templates
  for select to anon
  using (is_public);

create policy "trip_templates: read own and public ones" on public.trip_templates
  for select to authenticated
  using (is_public or (select auth.uid()) = user_id or (select public.is_admin()));

create policy "trip_templates: add own" on public.trip_templates
  for insert to authenticated
  with check (((select auth.uid()) = user_id and template_type = 'user') or (select public.is_admin()));

create policy "trip_templates: change own" on public.trip_templates
  for update to authenticated
  using ((select auth.uid()) = user_id or (select public.is_admin()))
  with check (((select auth.uid()) = user_id and template_type = 'user') or (select public.is_admin()));

create policy "trip_templates: remove own" on public.trip_templates
  for delete to authenticated
  using ((select auth.uid()) = user_id or (select public.is_admin()));

grant select on public.trip_templates to anon;
grant select, delete on public.trip_templates to authenticated;
grant insert (
  id, user_id, name, description, template_data, category, is_public, tags, status, is_free, template_type,
  difficulty_level, estimated_duration, camping_type, country, data_source, source_id, amenities, media_urls, waypoints,
  collected_at
) on public.trip_templates to authenticated;
grant update (
  id, user_id, name, description, template_data, category, is_public, tags, status, is_free, template_type,
  difficulty_level, estimated_duration, camping_type, country, data_source, source_id, amenities, media_urls, waypoints,
  collected_at, updated_at
) on public.trip_templates to authenticated;
grant select, insert, update, delete on public.trip_templates to service_role;
