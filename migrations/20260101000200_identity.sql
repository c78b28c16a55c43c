-- People: profiles, settings, administrators, subscriptions, sessions, system
-- settings and the audit trail. Ends with the trigger that gives every new
-- auth.users row its profile and settings.

create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  email text unique,
  full_name text,
  nickname text,
  profile_image_url text,
  partner_name text,
  partner_email text,
  partner_profile_image_url text,
  vehicle_type text,
  vehicle_make_model text,
  fuel_type text,
  towing text,
  second_vehicle text,
  max_driving text,
  camp_types text,
  accessibility text,
  pets text,
  accessibility_needs text[],
  travel_style text[],
  interests text[],
  budget_range text,
  gender_identity text,
  gender_custom text,
  pronouns text,
  pronouns_custom text,
  content_preferences jsonb default '{
    "show_personalized_safety": false,
    "show_personalized_community": false,
    "share_gender_with_groups": false
  }',
  preferences jsonb,
  emergency_contact jsonb,
  medical_info jsonb,
  current_latitude numeric,
  current_longitude numeric,
  destination_latitude numeric,
  destination_longitude numeric,
  travel_radius_miles integer,
  region text,
  language text default 'en',
  role text default 'user' check (role in ('user', 'admin', 'moderator')),
  status text default 'active' check (status in ('active', 'suspended', 'pending')),
  last_active timestamptz,
  trial_end_date timestamptz,
  trial_notification_sent boolean,
  subscription_cancelled boolean,
  cancellation_token text,
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
alter table public.profiles enable row level security;
comment on table public.profiles is
  'One row for each user: who they are, how they travel and where they are.';
comment on column public.profiles.role is
  'A label for display only: rights come from admin_users through is_admin().';
create index profiles_role_idx on public.profiles (role);
create index profiles_region_idx on public.profiles (region);
create index profiles_last_active_idx on public.profiles (last_active);
create trigger update_profiles_updated_at
  before update on public.profiles
  for each row execute function public.update_updated_at_column();

-- A new account shares nothing until its owner says so.
create table public.user_settings (
  user_id uuid primary key references auth.users (id) on delete cascade,
  notification_preferences jsonb default '{
    "email_notifications": true,
    "push_notifications": true,
    "marketing_emails": false,
    "trip_reminders": true,
    "maintenance_alerts": true,
    "weather_warnings": true
  }',
  privacy_preferences jsonb default '{
    "profile_visibility": "private",
    "location_sharing": false,
    "activity_tracking": false,
    "data_collection": false
  }',
  display_preferences jsonb default '{
    "theme": "system",
    "font_size": "medium",
    "language": "en",
    "high_contrast": false,
    "reduced_motion": false
  }',
  regional_preferences jsonb default '{
    "currency": "USD",
    "units": "imperial",
    "timezone": "UTC",
    "date_format": "MM/DD/YYYY"
  }',
  pam_preferences jsonb default '{
    "voice_enabled": true,
    "proactive_suggestions": true,
    "response_style": "balanced",
    "expertise_level": "intermediate",
    "knowledge_sources": true
  }',
  integration_preferences jsonb default '{
    "shop_travel_integration": true,
    "auto_add_purchases_to_storage": false
  }',
  location_preferences jsonb,
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
alter table public.user_settings enable row level security;
comment on table public.user_settings is
  'One row for each user: the switches of the settings page, a document for each group.';
create trigger update_user_settings_updated_at
  before update on public.user_settings
  for each row execute function public.update_updated_at_column();

create table public.admin_users (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null unique references auth.users (id) on delete cascade,
  email text not null,
  role text not null default 'user' check (role in ('admin', 'moderator', 'user')),
  status text not null default 'active' check (status in ('active', 'inactive', 'suspended')),
  permissions jsonb default '{}',
  region text,
  last_login timestamptz,
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
alter table public.admin_users enable row level security;
comment on table public.admin_users is
  'Who may administer the app: the only source of administrator rights.';
create trigger update_admin_users_updated_at
  before update on public.admin_users
  for each row execute function public.update_updated_at_column();

create table public.user_subscriptions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null unique references auth.users (id) on delete cascade,
  plan_type text check (plan_type in ('free_trial', 'monthly', 'annual')),
  subscription_status text
    check (subscription_status in ('trial', 'active', 'expired', 'cancelled')),
  subscription_tier text default 'free',
  status text default 'active',
  stripe_customer_id text,
  stripe_subscription_id text,
  current_period_start timestamptz,
  current_period_end timestamptz,
  trial_ends_at timestamptz,
  subscription_started_at timestamptz,
  subscription_ends_at timestamptz,
  cancel_at_period_end boolean default false,
  video_course_access boolean default false,
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
alter table public.user_subscriptions enable row level security;
comment on table public.user_subscriptions is
  'What each user pays for, as the payment provider''s webhook reported it.';
comment on column public.user_subscriptions.status is
  'Older twin of subscription_status; new code reads subscription_status.';
create index user_subscriptions_stripe_customer_id_idx
  on public.user_subscriptions (stripe_customer_id);
create trigger update_user_subscriptions_updated_at
  before update on public.user_subscriptions
  for each row execute function public.update_updated_at_column();

create table public.user_active_sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  session_id text not null unique,
  device_info jsonb,
  location_info jsonb,
  ip_address inet,
  user_agent text,
  is_current boolean default false,
  last_activity timestamptz default now(),
  expires_at timestamptz,
  created_at timestamptz default now()
);
alter table public.user_active_sessions enable row level security;
comment on table public.user_active_sessions is
  'Devices on which a user is signed in; expired rows are removed every hour.';
create index user_active_sessions_user_id_idx on public.user_active_sessions (user_id);
create index user_active_sessions_expires_at_idx on public.user_active_sessions (expires_at);

create table public.system_settings (
  id uuid primary key default gen_random_uuid(),
  setting_key text not null unique,
  setting_value jsonb,
  description text,
  updated_by uuid references auth.users (id) on delete set null,
  updated_at timestamptz default now()
);
alter table public.system_settings enable row level security;
comment on table public.system_settings is
  'Switches and limits of the whole app, one row for each key.';
create index system_settings_updated_by_idx on public.system_settings (updated_by);
create trigger update_system_settings_updated_at
  before update on public.system_settings
  for each row execute function public.update_updated_at_column();

-- No foreign key to auth.users: the trail outlives the account it tells about.
create table public.audit_logs (
  id uuid primary key default gen_random_uuid(),
  user_id uuid,
  action varchar(100) not null,
  resource_type varchar(50),
  resource_id text,
  old_values jsonb,
  new_values jsonb,
  ip_address inet,
  user_agent text,
  "timestamp" timestamptz default now()
);
alter table public.audit_logs enable row level security;
comment on table public.audit_logs is
  'Append-only trail of who changed what; rows are never updated.';
create index audit_logs_user_id_timestamp_idx on public.audit_logs (user_id, "timestamp");
create index audit_logs_resource_type_resource_id_idx
  on public.audit_logs (resource_type, resource_id);

-- Runs inside the sign-up, so whatever it raises is a failed sign-up. An address
-- may exist twice in auth.users (single sign-on beside a password): the second
-- account then gets a profile without one.
create function public.handle_new_user()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.profiles (id, email)
  values (new.id, new.email)
  on conflict do nothing;
  if not found then
    insert into public.profiles (id) values (new.id) on conflict do nothing;
  end if;
  insert into public.user_settings (user_id) values (new.id) on conflict do nothing;
  return new;
end;
$$;
comment on function public.handle_new_user() is
  'Gives a new auth.users row its profile and settings.';
revoke execute on function public.handle_new_user() from public, anon, authenticated;

create trigger on_auth_user_created
  after insert on auth.users
  for each row execute function public.handle_new_user();

-- migrate:down

-- auth.users belongs to another role, so its trigger can only go with the function.
drop function public.handle_new_user() cascade;
drop table public.audit_logs;
drop table public.system_settings;
drop table public.user_active_sessions;
drop table public.user_subscriptions;
drop table public.admin_users;
drop table public.user_settings;
drop table public.profiles;
