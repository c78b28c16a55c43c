-- What changes the columns that no user may write: status, role in a group,
-- is_featured. A grant on a column holds for everybody who is signed in,
-- administrators included, so these functions are SECURITY DEFINER and ask who
-- calls. What an administrator decides about somebody else goes to audit_logs.

create function public.moderate_profile(p_user_id uuid, p_status text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  before text;
begin
  if not public.is_admin() then
    raise exception using
      errcode = 'insufficient_privilege',
      message = 'Only an administrator changes the status of a profile.';
  end if;
  select status into before from public.profiles where id = p_user_id for update;
  if not found then
    raise exception using
      errcode = 'no_data_found',
      message = format('There is no profile %s.', p_user_id);
  end if;
  update public.profiles set status = p_status where id = p_user_id;
  insert into public.audit_logs
    (user_id, action, resource_type, resource_id, old_values, new_values)
  values (
    auth.uid(), 'moderate', 'profiles', p_user_id::text,
    jsonb_build_object('status', before), jsonb_build_object('status', p_status)
  );
end;
$$;
comment on function public.moderate_profile(uuid, text) is
  'Suspends an account''s profile or lets it in again; for administrators.';

create function public.moderate_post(p_post_id uuid, p_status text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  before text;
begin
  if not public.is_admin() then
    raise exception using
      errcode = 'insufficient_privilege',
      message = 'Only an administrator changes the status of a post.';
  end if;
  select status into before from public.social_posts where id = p_post_id for update;
  if not found then
    raise exception using
      errcode = 'no_data_found',
      message = format('There is no post %s.', p_post_id);
  end if;
  update public.social_posts set status = p_status where id = p_post_id;
  insert into public.audit_logs
    (user_id, action, resource_type, resource_id, old_values, new_values)
  values (
    auth.uid(), 'moderate', 'social_posts', p_post_id::text,
    jsonb_build_object('status', before), jsonb_build_object('status', p_status)
  );
end;
$$;
comment on function public.moderate_post(uuid, text) is
  'Approves, rejects or hides a post; for administrators.';

create function public.moderate_listing(p_listing_id uuid, p_status text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  before text;
begin
  if not public.is_admin() then
    raise exception using
      errcode = 'insufficient_privilege',
      message = 'Only an administrator changes the status of a listing.';
  end if;
  select status into before from public.marketplace_listings where id = p_listing_id for update;
  if not found then
    raise exception using
      errcode = 'no_data_found',
      message = format('There is no listing %s.', p_listing_id);
  end if;
  update public.marketplace_listings set status = p_status where id = p_listing_id;
  insert into public.audit_logs
    (user_id, action, resource_type, resource_id, old_values, new_values)
  values (
    auth.uid(), 'moderate', 'marketplace_listings', p_listing_id::text,
    jsonb_build_object('status', before), jsonb_build_object('status', p_status)
  );
end;
$$;
comment on function public.moderate_listing(uuid, text) is
  'Approves or rejects a listing; for administrators.';

-- A rejected listing stays rejected: closing it must not hide the decision.
create function public.close_listing(p_listing_id uuid, p_status text default 'sold')
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  if p_status is null or p_status not in ('sold', 'expired') then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'A listing is closed as sold or as expired.';
  end if;
  update public.marketplace_listings set status = p_status
  where id = p_listing_id and user_id = auth.uid() and status is distinct from 'rejected';
  if not found then
    raise exception using
      errcode = 'no_data_found',
      message = format('You have no open listing %s.', p_listing_id);
  end if;
end;
$$;
comment on function public.close_listing(uuid, text) is
  'Marks a listing of the caller''s as sold or expired.';

create function public.feature_template(p_template_id uuid, p_is_featured boolean default true)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  if not public.is_admin() then
    raise exception using
      errcode = 'insufficient_privilege',
      message = 'Only an administrator features a template.';
  end if;
  update public.trip_templates set is_featured = p_is_featured where id = p_template_id;
  if not found then
    raise exception using
      errcode = 'no_data_found',
      message = format('There is no template %s.', p_template_id);
  end if;
end;
$$;
comment on function public.feature_template(uuid, boolean) is
  'Puts a template among the featured ones or takes it out; for administrators.';

create function public.set_group_member_role(p_group_id uuid, p_user_id uuid, p_role text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  if not public.is_group_admin(p_group_id, auth.uid()) then
    raise exception using
      errcode = 'insufficient_privilege',
      message = 'Only who is in charge of a group changes the role of a member.';
  end if;
  update public.social_group_members set role = p_role
  where group_id = p_group_id and user_id = p_user_id;
  if not found then
    raise exception using
      errcode = 'no_data_found',
      message = format('User %s is no member of group %s.', p_user_id, p_group_id);
  end if;
end;
$$;
comment on function public.set_group_member_role(uuid, uuid, text) is
  'Makes a member of a group its administrator or moderator, or a plain member again.';

revoke execute on function
  public.moderate_profile(uuid, text),
  public.moderate_post(uuid, text),
  public.moderate_listing(uuid, text),
  public.close_listing(uuid, text),
  public.feature_template(uuid, boolean),
  public.set_group_member_role(uuid, uuid, text)
  from public, anon, service_role;
grant execute on function
  public.moderate_profile(uuid, text),
  public.moderate_post(uuid, text),
  public.moderate_listing(uuid, text),
  public.close_listing(uuid, text),
  public.feature_template(uuid, boolean),
  public.set_group_member_role(uuid, uuid, text)
  to authenticated;

-- migrate:down

drop function public.set_group_member_role(uuid, uuid, text);
drop function public.feature_template(uuid, boolean);
drop function public.close_listing(uuid, text);
drop function public.moderate_listing(uuid, text);
drop function public.moderate_post(uuid, text);
drop function public.moderate_profile(uuid, text);
