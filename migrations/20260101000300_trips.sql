-- "Wheels": trips with their routes, stops and costs; shared templates with
-- ratings; group trips; the directory of places to camp.
--
-- Positions are core points, (longitude, latitude), so that no extension is
-- needed; README.md says how to move them to PostGIS. The checks refuse a pair
-- in the wrong order wherever that can be seen.

create table public.user_trips (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  title text not null,
  description text,
  start_date date,
  end_date date,
  status text default 'planning'
    check (status in ('planning', 'active', 'completed', 'cancelled')),
  trip_type text default 'road_trip'
    check (trip_type in ('road_trip', 'camping', 'rv_travel', 'business', 'vacation')),
  total_budget numeric(10, 2),
  spent_budget numeric(10, 2) default 0,
  privacy_level text default 'private'
    check (privacy_level in ('private', 'friends', 'public')),
  metadata jsonb default '{}',
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint user_trips_dates_check check (end_date >= start_date)
);
alter table public.user_trips enable row level security;
comment on table public.user_trips is
  'A trip of one user, from the first plan to the last day.';
comment on column public.user_trips.metadata is
  'Holds route_data: waypoints as [longitude, latitude], the line as GeoJSON, its source.';
create index user_trips_user_id_status_idx on public.user_trips (user_id, status);
create index user_trips_start_date_end_date_idx on public.user_trips (start_date, end_date);
create trigger update_user_trips_updated_at
  before update on public.user_trips
  for each row execute function public.update_updated_at_column();

create table public.trip_routes (
  id uuid primary key default gen_random_uuid(),
  trip_id uuid references public.user_trips (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  route_name text not null,
  start_location point,
  end_location point,
  route_data jsonb,
  distance_km numeric(8, 2),
  estimated_duration_hours numeric(5, 2),
  route_order integer default 1,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  unique (trip_id, route_order),
  constraint trip_routes_start_location_check
    check (start_location <@ box '((-180,-90),(180,90))'),
  constraint trip_routes_end_location_check
    check (end_location <@ box '((-180,-90),(180,90))')
);
alter table public.trip_routes enable row level security;
comment on table public.trip_routes is
  'The legs of a trip in driving order.';
comment on column public.trip_routes.start_location is 'longitude, latitude (x, y)';
comment on column public.trip_routes.end_location is 'longitude, latitude (x, y)';
create index trip_routes_user_id_idx on public.trip_routes (user_id);
create index trip_routes_start_location_idx on public.trip_routes using gist (start_location);
create index trip_routes_end_location_idx on public.trip_routes using gist (end_location);
create trigger update_trip_routes_updated_at
  before update on public.trip_routes
  for each row execute function public.update_updated_at_column();

create table public.trip_waypoints (
  id uuid primary key default gen_random_uuid(),
  route_id uuid references public.trip_routes (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  name text not null,
  description text,
  location point not null,
  waypoint_type text default 'stop' check (
    waypoint_type in ('stop', 'gas_station', 'restaurant', 'lodging', 'attraction', 'rest_area')
  ),
  planned_arrival timestamptz,
  planned_departure timestamptz,
  actual_arrival timestamptz,
  actual_departure timestamptz,
  waypoint_order integer not null,
  visit_duration_minutes integer,
  notes text,
  rating integer check (rating between 1 and 5),
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint trip_waypoints_location_check
    check (location <@ box '((-180,-90),(180,90))')
);
alter table public.trip_waypoints enable row level security;
comment on table public.trip_waypoints is
  'The stops along a route, planned and as they happened.';
comment on column public.trip_waypoints.location is 'longitude, latitude (x, y)';
create index trip_waypoints_route_id_waypoint_order_idx
  on public.trip_waypoints (route_id, waypoint_order);
create index trip_waypoints_user_id_idx on public.trip_waypoints (user_id);
create trigger update_trip_waypoints_updated_at
  before update on public.trip_waypoints
  for each row execute function public.update_updated_at_column();

create table public.trip_expenses (
  id uuid primary key default gen_random_uuid(),
  trip_id uuid references public.user_trips (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  category text not null
    check (category in ('fuel', 'food', 'lodging', 'attractions', 'maintenance', 'other')),
  amount numeric(10, 2) not null,
  currency text default 'USD',
  description text,
  vendor text,
  location point,
  expense_date date not null,
  receipt_url text,
  payment_method text,
  tags text[],
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint trip_expenses_location_check
    check (location <@ box '((-180,-90),(180,90))')
);
alter table public.trip_expenses enable row level security;
comment on table public.trip_expenses is
  'What a trip cost, apart from the user''s everyday expenses.';
comment on column public.trip_expenses.location is 'longitude, latitude (x, y)';
create index trip_expenses_trip_id_idx on public.trip_expenses (trip_id);
create index trip_expenses_user_id_idx on public.trip_expenses (user_id);
create index trip_expenses_expense_date_idx on public.trip_expenses (expense_date);
create trigger update_trip_expenses_updated_at
  before update on public.trip_expenses
  for each row execute function public.update_updated_at_column();

create table public.trip_templates (
  id uuid primary key default gen_random_uuid(),
  user_id uuid references auth.users (id) on delete cascade,
  name text not null,
  description text,
  template_data jsonb not null default '{}',
  category text not null default 'general',
  is_public boolean not null default false,
  tags text[] not null default '{}',
  usage_count integer not null default 0,
  average_rating numeric(2, 1),
  total_ratings integer default 0,
  status text default 'published' check (status in ('draft', 'published', 'archived')),
  is_featured boolean default false,
  is_free boolean default false,
  template_type text default 'user',
  difficulty_level text default 'easy',
  estimated_duration integer default 1,
  camping_type text,
  country text,
  data_source text,
  source_id text,
  amenities jsonb,
  media_urls jsonb,
  waypoints jsonb,
  collected_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table public.trip_templates enable row level security;
comment on table public.trip_templates is
  'Trips to copy: written by users, or by the system where user_id is null.';
create index trip_templates_user_id_idx on public.trip_templates (user_id);
create index trip_templates_category_idx on public.trip_templates (category) where is_public;
create index trip_templates_tags_idx on public.trip_templates using gin (tags);
create index trip_templates_template_data_idx
  on public.trip_templates using gin (template_data);
create trigger update_trip_templates_updated_at
  before update on public.trip_templates
  for each row execute function public.update_updated_at_column();

create table public.trip_template_ratings (
  id uuid primary key default gen_random_uuid(),
  template_id uuid references public.trip_templates (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  rating integer not null check (rating between 1 and 5),
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  unique (template_id, user_id)
);
alter table public.trip_template_ratings enable row level security;
comment on table public.trip_template_ratings is
  'One to five stars that a user gave a template, at most once each.';
create index trip_template_ratings_user_id_idx on public.trip_template_ratings (user_id);
create trigger update_trip_template_ratings_updated_at
  before update on public.trip_template_ratings
  for each row execute function public.update_updated_at_column();

create table public.group_trips (
  id uuid primary key default gen_random_uuid(),
  created_by uuid not null references auth.users (id) on delete cascade,
  trip_name text not null,
  description text,
  start_date date,
  end_date date,
  meeting_point jsonb,
  route_data jsonb,
  budget_coordination jsonb,
  status text not null default 'planning'
    check (status in ('planning', 'active', 'completed', 'cancelled')),
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
alter table public.group_trips enable row level security;
comment on table public.group_trips is
  'A trip that several users plan together.';
create index group_trips_created_by_idx on public.group_trips (created_by);
create trigger update_group_trips_updated_at
  before update on public.group_trips
  for each row execute function public.update_updated_at_column();

create table public.group_trip_participants (
  id uuid primary key default gen_random_uuid(),
  trip_id uuid not null references public.group_trips (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  role text not null default 'participant' check (role in ('organizer', 'participant')),
  status text not null default 'invited'
    check (status in ('invited', 'accepted', 'declined')),
  joined_at timestamptz default now(),
  unique (trip_id, user_id)
);
alter table public.group_trip_participants enable row level security;
comment on table public.group_trip_participants is
  'Who was invited to a group trip, and what they answered.';
create index group_trip_participants_user_id_idx on public.group_trip_participants (user_id);

create table public.camping_locations (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  type text not null,
  latitude numeric(10, 8) not null,
  longitude numeric(11, 8) not null,
  address text,
  amenities jsonb,
  hookups jsonb,
  alternative_sites jsonb,
  availability_calendar jsonb,
  seasonal_info jsonb,
  user_ratings numeric,
  price_per_night numeric(10, 2),
  is_free boolean default false,
  max_rig_length numeric,
  reservation_required boolean,
  reservation_link text,
  source_url text,
  reviews_summary text,
  crowd_level text,
  last_crowd_update timestamptz,
  last_scraped timestamptz,
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
alter table public.camping_locations enable row level security;
comment on table public.camping_locations is
  'Shared directory of camp sites; the data collector writes it, everybody reads it.';
create index camping_locations_latitude_longitude_idx
  on public.camping_locations (latitude, longitude);
create index camping_locations_type_idx on public.camping_locations (type);
create trigger update_camping_locations_updated_at
  before update on public.camping_locations
  for each row execute function public.update_updated_at_column();

-- migrate:down

drop table public.camping_locations;
drop table public.group_trip_participants;
drop table public.group_trips;
drop table public.trip_template_ratings;
drop table public.trip_templates;
drop table public.trip_expenses;
drop table public.trip_waypoints;
drop table public.trip_routes;
drop table public.user_trips;
