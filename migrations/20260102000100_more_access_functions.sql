-- Who is in charge of a group trip: the question that the policies on its
-- participants ask. Like the others it reads as its owner, so that policies on
-- two tables need not ask each other (42P17, infinite recursion).

create function public.is_trip_organizer(p_trip_id uuid, p_user_id uuid default auth.uid())
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select from public.group_trips
    where id = p_trip_id and created_by = p_user_id
  ) or exists (
    select from public.group_trip_participants
    where trip_id = p_trip_id and user_id = p_user_id and role = 'organizer'
  );
$$;
comment on function public.is_trip_organizer(uuid, uuid) is
  'Whether a user made a group trip or organizes it.';

revoke execute on function public.is_trip_organizer(uuid, uuid) from public, anon;
grant execute on function public.is_trip_organizer(uuid, uuid) to authenticated, service_role;

-- migrate:down

drop function public.is_trip_organizer(uuid, uuid);
