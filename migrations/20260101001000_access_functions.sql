-- The questions that policies ask: is the caller an administrator, is a user in
-- this trip, in this group, in charge of it?
--
-- They are SECURITY DEFINER so that a policy may ask about a table that has
-- policies itself without asking those in turn (42P17, infinite recursion).

create function public.is_admin()
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select from public.admin_users
    where user_id = auth.uid() and role = 'admin' and status = 'active'
  );
$$;
comment on function public.is_admin() is
  'Whether the caller has an active row with role admin in admin_users.';

-- Who declined is out; who is invited must see the trip to answer.
create function public.is_trip_participant(p_trip_id uuid, p_user_id uuid default auth.uid())
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select from public.group_trip_participants
    where trip_id = p_trip_id and user_id = p_user_id and status <> 'declined'
  );
$$;
comment on function public.is_trip_participant(uuid, uuid) is
  'Whether a user is invited to a group trip or takes part in it.';

create function public.is_group_member(p_group_id uuid, p_user_id uuid default auth.uid())
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select from public.social_group_members
    where group_id = p_group_id and user_id = p_user_id and is_active is not false
  );
$$;
comment on function public.is_group_member(uuid, uuid) is
  'Whether a user is an active member of a group.';

create function public.is_group_admin(p_group_id uuid, p_user_id uuid default auth.uid())
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select from public.social_groups
    where id = p_group_id and p_user_id in (owner_id, admin_id)
  ) or exists (
    select from public.social_group_members
    where group_id = p_group_id and user_id = p_user_id
      and role = 'admin' and is_active is not false
  );
$$;
comment on function public.is_group_admin(uuid, uuid) is
  'Whether a user owns a group or is an active member with role admin.';

revoke execute on function
  public.is_admin(),
  public.is_trip_participant(uuid, uuid),
  public.is_group_member(uuid, uuid),
  public.is_group_admin(uuid, uuid)
  from public, anon;
grant execute on function
  public.is_admin(),
  public.is_trip_participant(uuid, uuid),
  public.is_group_member(uuid, uuid),
  public.is_group_admin(uuid, uuid)
  to authenticated, service_role;

-- migrate:down

drop function public.is_group_admin(uuid, uuid);
drop function public.is_group_member(uuid, uuid);
drop function public.is_trip_participant(uuid, uuid);
drop function public.is_admin();
