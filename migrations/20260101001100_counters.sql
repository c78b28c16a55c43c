-- Triggers that keep the counters: votes and comments of posts, ratings of
-- templates, members of groups, and the organizer of a group trip.
--
-- Each one counts again instead of adding one, once for a statement and not for
-- each row. So a counter is right whatever happened before: a restore with
-- triggers on, a row moved to another parent, a cascade. The parents are locked
-- first, in the order of their ids; the count is a statement after that and sees
-- what the transaction that held the lock has committed.
--
-- They are SECURITY DEFINER because whoever votes may not update the post.

create function public.update_post_vote_counts()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  touched uuid[];
begin
  if tg_op = 'INSERT' then
    touched := array(select distinct post_id from new_rows);
  elsif tg_op = 'DELETE' then
    touched := array(select distinct post_id from old_rows);
  else
    touched := array(select post_id from old_rows union select post_id from new_rows);
  end if;

  perform from public.social_posts
  where id = any (touched)
  order by id
  for no key update;

  update public.social_posts as post
  set upvotes = counted.up, downvotes = counted.down
  from (
    select
      parent.id,
      count(*) filter (where vote.vote_type) as up,
      count(*) filter (where not vote.vote_type) as down
    from unnest(touched) as parent (id)
    left join public.post_votes as vote on vote.post_id = parent.id
    group by parent.id
  ) as counted
  where post.id = counted.id
    and (post.upvotes, post.downvotes) is distinct from (counted.up, counted.down);
  return null;
end;
$$;
comment on function public.update_post_vote_counts() is
  'Keeps upvotes and downvotes of social_posts.';
revoke execute on function public.update_post_vote_counts() from public, anon, authenticated;

create trigger count_votes_after_insert
  after insert on public.post_votes
  referencing new table as new_rows
  for each statement execute function public.update_post_vote_counts();
create trigger count_votes_after_update
  after update on public.post_votes
  referencing old table as old_rows new table as new_rows
  for each statement execute function public.update_post_vote_counts();
create trigger count_votes_after_delete
  after delete on public.post_votes
  referencing old table as old_rows
  for each statement execute function public.update_post_vote_counts();

create function public.update_post_comments_count()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  touched uuid[];
begin
  if tg_op = 'INSERT' then
    touched := array(select distinct post_id from new_rows);
  elsif tg_op = 'DELETE' then
    touched := array(select distinct post_id from old_rows);
  else
    touched := array(select post_id from old_rows union select post_id from new_rows);
  end if;

  perform from public.social_posts
  where id = any (touched)
  order by id
  for no key update;

  update public.social_posts as post
  set comments_count = counted.comments, comment_count = counted.comments
  from (
    select parent.id, count(comment.id) as comments
    from unnest(touched) as parent (id)
    left join public.post_comments as comment on comment.post_id = parent.id
    group by parent.id
  ) as counted
  where post.id = counted.id
    and (post.comments_count, post.comment_count)
      is distinct from (counted.comments, counted.comments);
  return null;
end;
$$;
comment on function public.update_post_comments_count() is
  'Keeps comments_count of social_posts and its older twin.';
revoke execute on function public.update_post_comments_count() from public, anon, authenticated;

create trigger count_comments_after_insert
  after insert on public.post_comments
  referencing new table as new_rows
  for each statement execute function public.update_post_comments_count();
create trigger count_comments_after_update
  after update on public.post_comments
  referencing old table as old_rows new table as new_rows
  for each statement execute function public.update_post_comments_count();
create trigger count_comments_after_delete
  after delete on public.post_comments
  referencing old table as old_rows
  for each statement execute function public.update_post_comments_count();

create function public.update_template_average_rating()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  touched uuid[];
begin
  if tg_op = 'INSERT' then
    touched := array(select distinct template_id from new_rows);
  elsif tg_op = 'DELETE' then
    touched := array(select distinct template_id from old_rows);
  else
    touched := array(select template_id from old_rows union select template_id from new_rows);
  end if;

  perform from public.trip_templates
  where id = any (touched)
  order by id
  for no key update;

  update public.trip_templates as template
  set average_rating = counted.average, total_ratings = counted.ratings
  from (
    select
      parent.id,
      round(avg(rating.rating), 1) as average,
      count(rating.id) as ratings
    from unnest(touched) as parent (id)
    left join public.trip_template_ratings as rating on rating.template_id = parent.id
    group by parent.id
  ) as counted
  where template.id = counted.id
    and (template.average_rating, template.total_ratings)
      is distinct from (counted.average, counted.ratings);
  return null;
end;
$$;
comment on function public.update_template_average_rating() is
  'Keeps average_rating and total_ratings of trip_templates; no rating means null.';
revoke execute on function public.update_template_average_rating()
  from public, anon, authenticated;

create trigger average_ratings_after_insert
  after insert on public.trip_template_ratings
  referencing new table as new_rows
  for each statement execute function public.update_template_average_rating();
create trigger average_ratings_after_update
  after update on public.trip_template_ratings
  referencing old table as old_rows new table as new_rows
  for each statement execute function public.update_template_average_rating();
create trigger average_ratings_after_delete
  after delete on public.trip_template_ratings
  referencing old table as old_rows
  for each statement execute function public.update_template_average_rating();

create function public.update_group_member_count()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  touched uuid[];
begin
  if tg_op = 'INSERT' then
    touched := array(select distinct group_id from new_rows);
  elsif tg_op = 'DELETE' then
    touched := array(select distinct group_id from old_rows);
  else
    touched := array(select group_id from old_rows union select group_id from new_rows);
  end if;

  perform from public.social_groups
  where id = any (touched)
  order by id
  for no key update;

  update public.social_groups as social_group
  set member_count = counted.members
  from (
    select
      parent.id,
      count(member.user_id) filter (where member.is_active is not false) as members
    from unnest(touched) as parent (id)
    left join public.social_group_members as member on member.group_id = parent.id
    group by parent.id
  ) as counted
  where social_group.id = counted.id
    and social_group.member_count is distinct from counted.members;
  return null;
end;
$$;
comment on function public.update_group_member_count() is
  'Keeps member_count of social_groups: its active members.';
revoke execute on function public.update_group_member_count() from public, anon, authenticated;

create trigger count_members_after_insert
  after insert on public.social_group_members
  referencing new table as new_rows
  for each statement execute function public.update_group_member_count();
create trigger count_members_after_update
  after update on public.social_group_members
  referencing old table as old_rows new table as new_rows
  for each statement execute function public.update_group_member_count();
create trigger count_members_after_delete
  after delete on public.social_group_members
  referencing old table as old_rows
  for each statement execute function public.update_group_member_count();

-- A trip handed over to somebody who takes part already makes them organizer;
-- the one who handed it over stays in the trip.
create function public.add_creator_as_participant()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.group_trip_participants (trip_id, user_id, role, status)
  values (new.id, new.created_by, 'organizer', 'accepted')
  on conflict (trip_id, user_id) do update set role = 'organizer', status = 'accepted';
  return null;
end;
$$;
comment on function public.add_creator_as_participant() is
  'Makes the creator of a group trip its organizer.';
revoke execute on function public.add_creator_as_participant() from public, anon, authenticated;

create trigger add_creator_as_participant
  after insert or update of created_by on public.group_trips
  for each row execute function public.add_creator_as_participant();

-- migrate:down

drop trigger add_creator_as_participant on public.group_trips;
drop function public.add_creator_as_participant();
drop trigger count_members_after_delete on public.social_group_members;
drop trigger count_members_after_update on public.social_group_members;
drop trigger count_members_after_insert on public.social_group_members;
drop function public.update_group_member_count();
drop trigger average_ratings_after_delete on public.trip_template_ratings;
drop trigger average_ratings_after_update on public.trip_template_ratings;
drop trigger average_ratings_after_insert on public.trip_template_ratings;
drop function public.update_template_average_rating();
drop trigger count_comments_after_delete on public.post_comments;
drop trigger count_comments_after_update on public.post_comments;
drop trigger count_comments_after_insert on public.post_comments;
drop function public.update_post_comments_count();
drop trigger count_votes_after_delete on public.post_votes;
drop trigger count_votes_after_update on public.post_votes;
drop trigger count_votes_after_insert on public.post_votes;
drop function public.update_post_vote_counts();
