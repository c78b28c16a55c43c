-- "Wins": expenses, budgets, income, categories, imported bank transactions and
-- the savings that PAM found.

create table public.expenses (
  id bigserial primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  amount numeric(10, 2) not null check (amount >= 0),
  category text not null,
  date date not null default current_date,
  expense_date date,
  description text,
  created_at timestamptz default now()
);
alter table public.expenses enable row level security;
comment on table public.expenses is
  'Everyday spending of a user.';
comment on column public.expenses.expense_date is
  'Older twin of date; new code reads date.';
create index expenses_user_id_date_idx on public.expenses (user_id, date desc);
create index expenses_user_id_category_idx on public.expenses (user_id, category);
create index expenses_user_id_created_at_idx on public.expenses (user_id, created_at desc);

-- One budget for a category and a period: without start_date in the key nobody
-- could plan next month before this one is over.
create table public.budgets (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  name text default 'Monthly Budget',
  category text not null,
  budgeted_amount numeric(12, 2) not null check (budgeted_amount >= 0),
  monthly_limit numeric(10, 2) not null default 0 check (monthly_limit >= 0),
  alert_threshold numeric(5, 2) default 80 check (alert_threshold between 0 and 100),
  start_date date not null,
  end_date date not null,
  created_at timestamptz default now(),
  unique (user_id, category, start_date),
  constraint budgets_dates_check check (end_date > start_date)
);
alter table public.budgets enable row level security;
comment on table public.budgets is
  'What a user means to spend on a category in a period.';

create table public.income_entries (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  amount numeric(12, 2) not null check (amount >= 0),
  source text not null,
  date date not null default current_date,
  type text default 'regular',
  description text,
  created_at timestamptz default now()
);
alter table public.income_entries enable row level security;
comment on table public.income_entries is
  'Money that came in.';
create index income_entries_user_id_date_idx on public.income_entries (user_id, date desc);

create table public.transaction_categories (
  id bigserial primary key,
  name text not null unique,
  display_name text not null,
  color text default '#6366f1',
  icon text default 'folder',
  parent_category_id bigint references public.transaction_categories (id) on delete cascade,
  is_system boolean default false,
  is_income_category boolean default false,
  sort_order integer default 0,
  description text,
  keywords text[],
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
alter table public.transaction_categories enable row level security;
comment on table public.transaction_categories is
  'Shared tree of categories, with the words by which an import recognizes them.';
create index transaction_categories_parent_category_id_idx
  on public.transaction_categories (parent_category_id);
create trigger update_transaction_categories_updated_at
  before update on public.transaction_categories
  for each row execute function public.update_updated_at_column();

-- unique (user_id, hash): the same statement imported twice adds nothing.
create table public.anonymized_transactions (
  id bigserial primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  amount numeric not null,
  category text,
  transaction_type text default 'expense'
    check (transaction_type in ('income', 'expense', 'transfer')),
  date date not null,
  hash text not null,
  is_recurring boolean default false,
  merchant_category text,
  location text,
  metadata jsonb default '{}',
  created_at timestamptz default now(),
  unique (user_id, hash)
);
alter table public.anonymized_transactions enable row level security;
comment on table public.anonymized_transactions is
  'Transactions of imported bank statements, without names.';

create table public.pam_savings_events (
  id bigserial primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  event_type text not null,
  amount numeric check (amount >= 0),
  savings_type text check (
    savings_type in (
      'fuel_optimization',
      'camping_alternative',
      'route_optimization',
      'budget_reallocation',
      'price_comparison',
      'timing_optimization',
      'maintenance_prevention',
      'group_booking_discount'
    )
  ),
  predicted_savings numeric(10, 2),
  actual_savings numeric(10, 2),
  baseline_cost numeric(10, 2),
  optimized_cost numeric(10, 2),
  recommendation_id uuid,
  savings_description text,
  description text,
  category text,
  verification_method text check (
    verification_method in (
      'expense_comparison',
      'receipt_analysis',
      'user_confirmation',
      'automatic_detection',
      'price_api_verification'
    )
  ),
  confidence_score numeric(3, 2) check (confidence_score between 0 and 1),
  location point,
  saved_date date not null default current_date,
  metadata jsonb,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint pam_savings_events_actual_savings_check
    check (actual_savings = baseline_cost - optimized_cost),
  constraint pam_savings_events_location_check
    check (location <@ box '((-180,-90),(180,90))')
);
alter table public.pam_savings_events enable row level security;
comment on table public.pam_savings_events is
  'Money that a recommendation of PAM saved, predicted and proved.';
comment on column public.pam_savings_events.location is 'longitude, latitude (x, y)';
create index pam_savings_events_user_id_saved_date_idx
  on public.pam_savings_events (user_id, saved_date);
create trigger update_pam_savings_events_updated_at
  before update on public.pam_savings_events
  for each row execute function public.update_updated_at_column();

-- migrate:down

drop table public.pam_savings_events;
drop table public.anonymized_transactions;
drop table public.transaction_categories;
drop table public.income_entries;
drop table public.budgets;
drop table public.expenses;
