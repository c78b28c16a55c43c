-- PAM, the assistant: conversations, what it remembers and knows about a user,
-- and the logs of what it did.
--
-- Sessions of PAM are not one of the core tables, so session ids are plain
-- uuids without a foreign key.

create table public.pam_conversations (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  session_id text not null,
  title text,
  context jsonb default '{}',
  is_active boolean default true,
  message_count integer default 0,
  last_activity timestamptz,
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
alter table public.pam_conversations enable row level security;
comment on table public.pam_conversations is
  'A conversation of one user with PAM.';
create index pam_conversations_user_id_updated_at_idx
  on public.pam_conversations (user_id, updated_at desc);
create trigger update_pam_conversations_updated_at
  before update on public.pam_conversations
  for each row execute function public.update_updated_at_column();

create table public.pam_messages (
  id uuid primary key default gen_random_uuid(),
  conversation_id uuid references public.pam_conversations (id) on delete cascade,
  role text not null check (role in ('user', 'assistant', 'system')),
  content text not null,
  intent text,
  confidence numeric(3, 2),
  entities jsonb default '{}',
  metadata jsonb default '{}',
  created_at timestamptz default now()
);
alter table public.pam_messages enable row level security;
comment on table public.pam_messages is
  'The messages of a conversation; they belong to whoever owns the conversation.';
create index pam_messages_conversation_id_created_at_idx
  on public.pam_messages (conversation_id, created_at);

create table public.pam_conversation_memory (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  session_id uuid,
  message_sequence integer not null,
  user_message text,
  pam_response text,
  detected_intent text,
  intent_confidence numeric,
  entities_extracted jsonb,
  context_used jsonb,
  user_preferences_learned jsonb,
  response_time_ms integer,
  response_quality numeric,
  node_used text,
  follow_up_needed boolean,
  follow_up_reason text,
  user_feedback text,
  message_timestamp timestamptz default now(),
  created_at timestamptz default now(),
  expires_at timestamptz default now() + interval '30 days'
);
alter table public.pam_conversation_memory enable row level security;
comment on table public.pam_conversation_memory is
  'One turn of a chat with what PAM understood; forgotten when it expires.';
comment on column public.pam_conversation_memory.session_id is
  'A session of PAM; no foreign key, its table is not part of the core schema.';
create index pam_conversation_memory_user_id_created_at_idx
  on public.pam_conversation_memory (user_id, created_at desc);
create index pam_conversation_memory_session_id_message_sequence_idx
  on public.pam_conversation_memory (session_id, message_sequence);
create index pam_conversation_memory_expires_at_idx
  on public.pam_conversation_memory (expires_at);

create table public.pam_user_context (
  user_id uuid primary key references auth.users (id) on delete cascade,
  context_type text not null default 'general',
  context_data jsonb not null,
  current_location jsonb,
  interaction_patterns jsonb,
  learned_preferences jsonb,
  travel_preferences jsonb,
  vehicle_info jsonb,
  recent_intents text[],
  conversation_mood text,
  preferred_response_style text,
  active_trip_id uuid,
  current_session_id uuid,
  last_interaction timestamptz,
  last_updated timestamptz default now(),
  expires_at timestamptz,
  updated_at timestamptz default now()
);
alter table public.pam_user_context enable row level security;
comment on table public.pam_user_context is
  'What PAM knows about a user right now, one row each.';
comment on column public.pam_user_context.current_session_id is
  'A session of PAM; no foreign key, its table is not part of the core schema.';
create trigger update_pam_user_context_updated_at
  before update on public.pam_user_context
  for each row execute function public.update_updated_at_column();

-- An embedding is an array of 1536 four-byte floats, as large as pgvector's type;
-- README.md says how to move it there.
create table public.memories (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  content text not null,
  memory_type text not null
    check (memory_type in ('fact', 'preference', 'pattern', 'instruction', 'correction')),
  embedding real[],
  importance_score double precision default 0.5,
  access_count integer default 0,
  last_accessed_at timestamptz,
  expires_at timestamptz,
  source_session_id uuid,
  is_active boolean default true,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint memories_embedding_check check (
    embedding is null
    or (
      array_ndims(embedding) is not distinct from 1
      and array_length(embedding, 1) is not distinct from 1536
      and array_position(embedding, null) is null
    )
  )
);
alter table public.memories enable row level security;
comment on table public.memories is
  'Facts and preferences that PAM keeps about a user, found again by embedding.';
comment on column public.memories.embedding is '1536 floats';
create index memories_user_id_is_active_idx on public.memories (user_id, is_active);
create trigger update_memories_updated_at
  before update on public.memories
  for each row execute function public.update_updated_at_column();

create table public.pam_analytics_logs (
  id bigserial primary key,
  user_id uuid,
  session_id text,
  event_type text,
  intent text,
  log_level text,
  message text,
  message_preview text,
  error_type text,
  error_message text,
  trace_id text,
  log_id text,
  workflow_name text,
  confidence_level text,
  confidence numeric,
  response_time_ms integer,
  api_calls_count integer,
  hour_of_day integer,
  day_of_week integer,
  success boolean,
  has_error boolean,
  is_weekend boolean,
  validation_passed boolean,
  voice_enabled boolean,
  event_data jsonb,
  metadata jsonb,
  raw_context jsonb,
  "timestamp" timestamptz default now(),
  created_at timestamptz default now()
);
alter table public.pam_analytics_logs enable row level security;
comment on table public.pam_analytics_logs is
  'What PAM did and how fast, for the hourly statistics; kept for 90 days.';
create index pam_analytics_logs_user_id_created_at_idx
  on public.pam_analytics_logs (user_id, created_at);
create index pam_analytics_logs_event_type_created_at_idx
  on public.pam_analytics_logs (event_type, created_at);
create index pam_analytics_logs_created_at_idx on public.pam_analytics_logs (created_at);

create table public.agent_logs (
  id uuid primary key default gen_random_uuid(),
  user_id uuid references auth.users (id) on delete cascade,
  session_id text not null,
  message text not null,
  response text not null,
  intent text,
  confidence_score real,
  response_time_ms integer,
  response_time integer,
  input_type text default 'text' check (input_type in ('text', 'voice')),
  tools_used jsonb default '[]',
  error_message text,
  metadata jsonb default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table public.agent_logs enable row level security;
comment on table public.agent_logs is
  'Question, answer and tools of each run of the agent.';
create index agent_logs_user_id_created_at_idx on public.agent_logs (user_id, created_at desc);
create index agent_logs_session_id_idx on public.agent_logs (session_id);
create trigger update_agent_logs_updated_at
  before update on public.agent_logs
  for each row execute function public.update_updated_at_column();

-- migrate:down

drop table public.agent_logs;
drop table public.pam_analytics_logs;
drop table public.memories;
drop table public.pam_user_context;
drop table public.pam_conversation_memory;
drop table public.pam_messages;
drop table public.pam_conversations;
