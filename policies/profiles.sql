-- Each user's own profile; others see public.public_profiles instead.   (owner; administrators read and update)
--
-- Columns that give rights or say what was paid are not granted: role, status, email (it is auth.users' to say),
-- trial_end_date, trial_notification_sent, subscription_cancelled, cancellation_token. An administrator suspends an
-- account by public.moderate_profile(). No client deletes a profile: it goes with the account.
alter table public.profiles enable row level security;

create policy "profiles: read own" on public.profiles
  for select to authenticated
  using ((select auth.uid()) = id or (select public.is_admin()));

create policy "profiles: add own" on public.profiles
  for insert to authenticated
  with check ((select auth.uid()) = id);

create policy "profiles: change own" on public.profiles
  for update to authenticated
  using ((select auth.uid()) = id or (select public.is_admin()))
  with check ((select auth.uid()) = id or (select public.is_admin()));

grant select on public.profiles to authenticated;
grant insert (
  id, full_name, nickname, profile_image_url, partner_name, partner_email, partner_profile_image_url, vehicle_type,
  vehicle_make_model, fuel_type, towing, second_vehicle, max_driving, camp_types, accessibility, pets,
  accessibility_needs, travel_style, interests, budget_range, gender_identity, gender_custom, pronouns,
  pronouns_custom, content_preferences, preferences, emergency_contact, medical_info, current_latitude,
  current_longitude, destination_latitude, destination_longitude, travel_radius_miles, region, language, last_active,
  updated_at
) on public.profiles to authenticated;
grant update (
  id, full_name, nickname, profile_image_url, partner_name, partner_email, partner_profile_image_url, vehicle_type,
  vehicle_make_model, fuel_type, towing, second_vehicle, max_driving, camp_types, accessibility, pets,
  accessibility_needs, travel_style, interests, budget_range, gender_identity, gender_custom, pronouns,
  pronouns_custom, content_preferences, preferences, emergency_contact, medical_info, current_latitude,
  current_longitude, destination_latitude, destination_longitude, travel_radius_miles, region, language, last_active,
  updated_at
) on public.profiles to authenticated;
grant select, insert, update, delete on public.profiles to service_role;
