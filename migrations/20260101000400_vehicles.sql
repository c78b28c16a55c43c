-- Vehicles, what they burn, and what is due on them.

create table public.vehicles (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  name text not null,
  make text,
  model text,
  year integer,
  vin text unique,
  license_plate text,
  vehicle_type text default 'rv' check (
    vehicle_type in (
      'rv', 'motorhome', 'travel_trailer', 'fifth_wheel', 'truck', 'car', 'motorcycle', 'boat'
    )
  ),
  fuel_type text default 'gasoline'
    check (fuel_type in ('gasoline', 'diesel', 'electric', 'hybrid', 'propane')),
  fuel_capacity_gallons numeric(6, 2),
  engine_size text,
  transmission text,
  mileage_current integer,
  mileage_purchased integer,
  purchase_date date,
  purchase_price numeric(10, 2),
  insurance_company text,
  insurance_policy text,
  insurance_expires date,
  registration_expires date,
  is_primary boolean default false,
  notes text,
  image_urls text[],
  specifications jsonb default '{}',
  fuel_consumption_mpg numeric(5, 2),
  fuel_consumption_l_per_100km numeric(5, 2),
  fuel_consumption_source text check (
    fuel_consumption_source in
      ('user_provided', 'calculated_from_fillups', 'manufacturer_spec')
  ),
  fuel_consumption_last_updated timestamptz,
  fuel_consumption_sample_size integer default 0,
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
alter table public.vehicles enable row level security;
comment on table public.vehicles is
  'What a user drives or tows, with its papers and its fuel consumption.';
create index vehicles_user_id_idx on public.vehicles (user_id);
-- A user has one primary vehicle at most; the app must not have to pick.
create unique index vehicles_one_primary_idx on public.vehicles (user_id) where is_primary;
create trigger update_vehicles_updated_at
  before update on public.vehicles
  for each row execute function public.update_updated_at_column();

-- vehicle_id is null for entries made before a vehicle was chosen.
create table public.fuel_log (
  id bigserial primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  vehicle_id uuid references public.vehicles (id) on delete set null,
  date date not null,
  odometer numeric,
  volume numeric(10, 3),
  price numeric(10, 3),
  total numeric(10, 2),
  consumption numeric,
  location text,
  notes text,
  region text,
  filled_to_top boolean default true,
  receipt_url text,
  receipt_photo_url text,
  receipt_metadata jsonb,
  created_at timestamptz default now()
);
alter table public.fuel_log enable row level security;
comment on table public.fuel_log is
  'Every fill-up: odometer, volume, price for each unit, total.';
create index fuel_log_user_id_date_idx on public.fuel_log (user_id, date desc);
create index fuel_log_vehicle_id_idx on public.fuel_log (vehicle_id);

create table public.maintenance_records (
  id bigserial primary key,
  user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
  task text not null,
  date date not null,
  mileage integer not null,
  cost numeric(10, 2),
  status text check (status in ('pending', 'completed', 'overdue', 'due_soon')),
  next_due_date date,
  next_due_mileage integer,
  notes text,
  receipt_photo_url text,
  created_at timestamptz default now()
);
alter table public.maintenance_records enable row level security;
comment on table public.maintenance_records is
  'Work done on a vehicle and when it is due again.';
create index maintenance_records_user_id_next_due_date_idx
  on public.maintenance_records (user_id, next_due_date);
create index maintenance_records_status_idx on public.maintenance_records (status);

-- migrate:down

drop table public.maintenance_records;
drop table public.fuel_log;
drop table public.vehicles;
