-- Groups, posts with votes and comments, friendships. The counter columns are
-- kept by the triggers of the file "counters".

create table public.social_groups (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  description text,
  location text,
  cover text,
  avatar_url text,
  owner_id uuid references auth.users (id) on delete cascade,
  admin_id uuid references auth.users (id) on delete cascade,
  privacy text check (privacy in ('public', 'private')),
  activity_level text,
  member_count integer default 0,
  is_active boolean default true,
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
alter table public.social_groups enable row level security;
comment on table public.social_groups is
  'A group of users with its own feed.';
comment on column public.social_groups.admin_id is
  'Older twin of owner_id; new code reads owner_id.';
create index social_groups_owner_id_idx on public.social_groups (owner_id);
create index social_groups_admin_id_idx on public.social_groups (admin_id);
create trigger update_social_groups_updated_at
  before update on public.social_groups
  for each row execute function public.update_updated_at_column();

create table public.social_group_members (
  group_id uuid references public.social_groups (id) on delete cascade,
  user_id uuid references auth.users (id) on delete cascade,
  role text default 'member' check (role in ('member', 'admin', 'moderator')),
  joined_at timestamptz default now(),
  is_active boolean default true,
  primary key (group_id, user_id)
);
alter table public.social_group_members enable row level security;
comment on table public.social_group_members is
  'Who belongs to which group, and as what.';
create index social_group_members_user_id_idx on public.social_group_members (user_id);

create table public.social_posts (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  content text not null,
  image_url text,
  video_url text,
  status text default 'approved'
    check (status in ('pending', 'approved', 'rejected', 'hidden')),
  location text default 'feed' check (location in ('feed', 'group', 'profile')),
  group_id uuid references public.social_groups (id) on delete cascade,
  upvotes integer default 0,
  downvotes integer default 0,
  comments_count integer default 0,
  comment_count integer default 0,
  created_at timestamptz default now()
);
alter table public.social_posts enable row level security;
comment on table public.social_posts is
  'What users write: in the feed, in a group or on their profile.';
comment on column public.social_posts.comment_count is
  'Older twin of comments_count; the trigger keeps both.';
create index social_posts_user_id_idx on public.social_posts (user_id);
create index social_posts_created_at_idx on public.social_posts (created_at);
create index social_posts_status_created_at_idx
  on public.social_posts (status, created_at desc);
create index social_posts_group_id_idx on public.social_posts (group_id);

create table public.post_votes (
  id uuid primary key default gen_random_uuid(),
  post_id uuid not null references public.social_posts (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  vote_type boolean not null,
  created_at timestamptz default now(),
  unique (post_id, user_id)
);
alter table public.post_votes enable row level security;
comment on table public.post_votes is
  'One vote of a user on a post: true is up, false is down.';
create index post_votes_user_id_idx on public.post_votes (user_id);

create table public.post_comments (
  id uuid primary key default gen_random_uuid(),
  post_id uuid not null references public.social_posts (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  content text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table public.post_comments enable row level security;
comment on table public.post_comments is
  'Comments under a post.';
create index post_comments_post_id_idx on public.post_comments (post_id);
create index post_comments_user_id_idx on public.post_comments (user_id);
create trigger update_post_comments_updated_at
  before update on public.post_comments
  for each row execute function public.update_updated_at_column();

create table public.user_friendships (
  id uuid primary key default gen_random_uuid(),
  requester_id uuid references auth.users (id) on delete cascade,
  addressee_id uuid references auth.users (id) on delete cascade,
  status text default 'pending'
    check (status in ('pending', 'accepted', 'blocked', 'declined')),
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  unique (requester_id, addressee_id),
  constraint user_friendships_two_people_check check (requester_id <> addressee_id)
);
alter table public.user_friendships enable row level security;
comment on table public.user_friendships is
  'A request from one user to another and what became of it.';
create index user_friendships_addressee_id_idx on public.user_friendships (addressee_id);
create trigger update_user_friendships_updated_at
  before update on public.user_friendships
  for each row execute function public.update_updated_at_column();

-- migrate:down

drop table public.user_friendships;
drop table public.post_comments;
drop table public.post_votes;
drop table public.social_posts;
drop table public.social_group_members;
drop table public.social_groups;
