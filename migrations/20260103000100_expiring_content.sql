-- What is made for a while only: spoken answers and recommendations.

create table public.audio_cache (
  id uuid primary key default gen_random_uuid(),
  cache_key text not null unique,
  voice text,
  language text default 'en',
  audio_format text not null default 'mp3',
  audio_base64 text not null,
  duration_ms integer check (duration_ms >= 0),
  hit_count integer not null default 0,
  last_accessed_at timestamptz,
  created_at timestamptz default now(),
  expires_at timestamptz not null default now() + interval '7 days'
);
alter table public.audio_cache enable row level security;
comment on table public.audio_cache is
  'Answers of PAM as sound, hundreds of kilobytes each; removed every hour once expired.';
comment on column public.audio_cache.cache_key is
  'A hash of text, voice and language; the text itself is not kept.';
create index audio_cache_expires_at_idx on public.audio_cache (expires_at);

create table public.active_recommendations (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  recommendation_type text not null,
  title text not null,
  content jsonb not null default '{}',
  priority text not null default 'medium' check (priority in ('low', 'medium', 'high')),
  status text not null default 'active' check (status in ('active', 'accepted', 'dismissed')),
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  expires_at timestamptz
);
alter table public.active_recommendations enable row level security;
comment on table public.active_recommendations is
  'What PAM recommends to a user right now; a row without expires_at stays until it is removed.';
create index active_recommendations_user_id_status_idx
  on public.active_recommendations (user_id, status);
create index active_recommendations_expires_at_idx on public.active_recommendations (expires_at);
create trigger update_active_recommendations_updated_at
  before update on public.active_recommendations
  for each row execute function public.update_updated_at_column();

-- migrate:down

drop table public.active_recommendations;
drop table public.audio_cache;
