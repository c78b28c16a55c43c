-- The shop of affiliate products with clicks and sales, and the users' own
-- marketplace.

create table public.marketplace_listings (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  title text not null,
  description text,
  location text,
  image text,
  seller text,
  posted text,
  price numeric(10, 2) check (price >= 0),
  category text default 'Other',
  condition text default 'Good',
  status text default 'pending'
    check (status in ('pending', 'active', 'approved', 'sold', 'expired', 'rejected')),
  photos text[],
  is_favorite boolean,
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
alter table public.marketplace_listings enable row level security;
comment on table public.marketplace_listings is
  'Things that users sell to one another; a new one waits for approval.';
create index marketplace_listings_user_id_idx on public.marketplace_listings (user_id);
create index marketplace_listings_status_idx on public.marketplace_listings (status);
create index marketplace_listings_category_idx on public.marketplace_listings (category);
create trigger update_marketplace_listings_updated_at
  before update on public.marketplace_listings
  for each row execute function public.update_updated_at_column();

-- regional_* hold one entry for each country code, such as AU and US.
create table public.affiliate_products (
  id uuid primary key default gen_random_uuid(),
  title text not null,
  description text,
  short_description text,
  category public.product_category not null,
  affiliate_provider public.affiliate_provider not null,
  affiliate_url text not null,
  price numeric,
  commission_rate numeric,
  currency text default 'USD',
  image_url text,
  additional_images text[],
  tags text[],
  asin text,
  regional_asins jsonb,
  regional_prices jsonb,
  regional_urls jsonb,
  click_count integer default 0,
  sort_order integer default 0,
  is_active boolean default true,
  is_featured boolean default false,
  availability_status text,
  last_price_check timestamptz,
  last_availability_check timestamptz,
  last_scraped_price numeric,
  price_change_detected boolean,
  availability_change_detected boolean,
  scrape_batch_number integer,
  api_error_count integer,
  api_last_error text,
  created_by uuid,
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
alter table public.affiliate_products enable row level security;
comment on table public.affiliate_products is
  'Products of other shops that pay a commission.';
create index affiliate_products_is_active_sort_order_idx
  on public.affiliate_products (is_active, sort_order);
create index affiliate_products_category_idx on public.affiliate_products (category);
create index affiliate_products_asin_idx on public.affiliate_products (asin);
create trigger update_affiliate_products_updated_at
  before update on public.affiliate_products
  for each row execute function public.update_updated_at_column();

-- No foreign key for user_id: a click is counted whoever made it.
create table public.affiliate_product_clicks (
  id uuid primary key default gen_random_uuid(),
  product_id uuid references public.affiliate_products (id) on delete cascade,
  user_id uuid,
  clicked_at timestamptz default now(),
  ip_address inet,
  user_agent text,
  referrer text,
  metadata jsonb
);
alter table public.affiliate_product_clicks enable row level security;
comment on table public.affiliate_product_clicks is
  'Each click on an affiliate link.';
create index affiliate_product_clicks_product_id_clicked_at_idx
  on public.affiliate_product_clicks (product_id, clicked_at);

-- product_id is the provider's own text id, so it cannot refer to our products.
create table public.affiliate_sales (
  id uuid primary key default gen_random_uuid(),
  user_id uuid references auth.users (id) on delete cascade,
  product_id text not null,
  product_name text,
  vendor_name text,
  sale_amount numeric(10, 2) not null default 0,
  commission_rate numeric(5, 4) not null default 0,
  commission_amount numeric(10, 2) not null default 0,
  payout_status text default 'pending',
  sale_date timestamptz default now(),
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
alter table public.affiliate_sales enable row level security;
comment on table public.affiliate_sales is
  'Sales that a provider credited to us.';
create index affiliate_sales_user_id_idx on public.affiliate_sales (user_id);
create index affiliate_sales_sale_date_idx on public.affiliate_sales (sale_date);
create trigger update_affiliate_sales_updated_at
  before update on public.affiliate_sales
  for each row execute function public.update_updated_at_column();

-- migrate:down

drop table public.affiliate_sales;
drop table public.affiliate_product_clicks;
drop table public.affiliate_products;
drop table public.marketplace_listings;
