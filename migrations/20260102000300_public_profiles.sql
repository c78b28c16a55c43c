-- What members see of one another.
--
-- A policy lets rows through, not columns: opening profiles to all who are
-- signed in would show medical_info, emergency_contact and the position of
-- everybody. So profiles stays closed, and this view is the window.
--
-- It reads as its owner (no security_invoker), which Supabase's lint 0010
-- reports. That is meant: with security_invoker the caller would need the rows
-- of profiles themselves. A definer function instead would hide the same access
-- from the lint and read the whole table for one row; a second table would be a
-- copy to keep. The view names its columns and its rows; security_barrier keeps
-- a caller's own conditions from running before its own.
--
-- A name and a picture stand beside every post. How somebody travels and where
-- is shown when the owner set profile_visibility to public: a new account
-- shares nothing until then.

create view public.public_profiles
with (security_barrier = true)
as
select
  profile.id,
  profile.nickname,
  profile.profile_image_url,
  case when shared.everything then profile.travel_style end as travel_style,
  case when shared.everything then profile.interests end as interests,
  case when shared.everything then profile.region end as region
from public.profiles as profile
left join public.user_settings as setting on setting.user_id = profile.id
cross join lateral (
  select coalesce(setting.privacy_preferences ->> 'profile_visibility' = 'public', false) as everything
) as shared
where profile.status = 'active';
comment on view public.public_profiles is
  'Name and picture of each active user, and how they travel if they share that.';

revoke all on public.public_profiles from public, anon, authenticated, service_role;

-- migrate:down

drop view public.public_profiles;
