-- Columns by which policies let other people's rows through. The owner's column
-- of every table has an index already.

create index user_trips_privacy_level_idx on public.user_trips (privacy_level);
create index social_groups_privacy_idx on public.social_groups (privacy);
create index trip_templates_is_public_idx on public.trip_templates (is_public);

-- migrate:down

drop index public.trip_templates_is_public_idx;
drop index public.social_groups_privacy_idx;
drop index public.user_trips_privacy_level_idx;
