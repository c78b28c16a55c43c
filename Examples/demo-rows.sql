-- Rows for a demonstration: 200 people, a year of their trips, money and chats,
-- about 100,000 rows in all 45 tables.
--
-- Run it as postgres after the migrations, once, in a project without users.
-- Nothing is random and nothing depends on today, so every run makes the same
-- rows: a number is drawn from the md5 of a label. Counters come out as the
-- triggers would keep them. Nobody here can sign in: the users have no password.

-- Compiling these statements takes longer than running them once.
set jit = off;

-- A number from 0 to sides - 1 that depends on the label alone.
create function pg_temp.dice(label text, sides integer)
returns integer
language sql
immutable
as $$
  select ('x' || substr(md5(label), 1, 7))::bit(28)::integer % sides;
$$;

-- A person from 1 to 200; the first ones are drawn far more often than the last.
create function pg_temp.somebody(label text)
returns integer
language sql
immutable
as $$
  select 1 + floor(power(pg_temp.dice(label, 1000), 2) / 5000)::integer;
$$;

create temporary table demo_user as
select
  n,
  ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid as id,
  'traveller' || lpad(n::text, 3, '0') || '@example.com' as email,
  timestamptz '2025-05-01 08:00:00+00' + n * interval '3 hours' as joined,
  region.name as region,
  region.currency
from generate_series(1, 200) as n
join (
  values
    (0, 'Australia', 'AUD'), (1, 'Australia', 'AUD'), (2, 'Australia', 'AUD'),
    (3, 'Australia', 'AUD'), (4, 'New Zealand', 'NZD'), (5, 'United States', 'USD'),
    (6, 'United States', 'USD'), (7, 'Canada', 'CAD'), (8, 'United Kingdom', 'GBP'),
    (9, 'Rest of the World', 'USD')
) as region (number, name, currency)
  on region.number = pg_temp.dice('region ' || n, 10);

create temporary table demo_place as
select *
from (
  values
    (0, 'Melbourne', 'Victoria', 144.9631::double precision, -37.8136::double precision),
    (1, 'Geelong', 'Victoria', 144.3601, -38.1500),
    (2, 'Torquay', 'Victoria', 144.3266, -38.3302),
    (3, 'Apollo Bay', 'Victoria', 143.6697, -38.7568),
    (4, 'Port Campbell', 'Victoria', 142.9820, -38.6267),
    (5, 'Sydney', 'New South Wales', 151.2093, -33.8688),
    (6, 'Byron Bay', 'New South Wales', 153.6020, -28.6474),
    (7, 'Brisbane', 'Queensland', 153.0251, -27.4698),
    (8, 'Cairns', 'Queensland', 145.7781, -16.9186),
    (9, 'Longreach', 'Queensland', 144.2500, -23.4419),
    (10, 'Adelaide', 'South Australia', 138.6007, -34.9285),
    (11, 'Port Augusta', 'South Australia', 137.7669, -32.4936),
    (12, 'Coober Pedy', 'South Australia', 134.7555, -29.0135),
    (13, 'Perth', 'Western Australia', 115.8605, -31.9505),
    (14, 'Broome', 'Western Australia', 122.2359, -17.9614),
    (15, 'Exmouth', 'Western Australia', 114.1240, -21.9323),
    (16, 'Esperance', 'Western Australia', 121.8914, -33.8613),
    (17, 'Hobart', 'Tasmania', 147.3272, -42.8821),
    (18, 'Launceston', 'Tasmania', 147.1440, -41.4332),
    (19, 'Strahan', 'Tasmania', 145.3294, -42.1525),
    (20, 'Darwin', 'Northern Territory', 130.8456, -12.4634),
    (21, 'Katherine', 'Northern Territory', 132.2700, -14.4652),
    (22, 'Alice Springs', 'Northern Territory', 133.8807, -23.6980),
    (23, 'Yulara', 'Northern Territory', 130.9889, -25.2406)
) as place (number, name, state, lng, lat);

-- The expense categories, the most frequent first, with the usual amounts.
create temporary table demo_category as
select *
from (
  values
    (0, 'Fuel', 75, 110), (1, 'Groceries', 25, 180), (2, 'Campgrounds', 20, 55),
    (3, 'Coffee', 4, 15), (4, 'Restaurants', 25, 120), (5, 'Snacks', 3, 20),
    (6, 'RV Parks', 30, 70), (7, 'Attractions', 10, 80), (8, 'Propane', 25, 45),
    (9, 'Laundry', 4, 16), (10, 'Supplies', 8, 90), (11, 'Parking', 2, 25),
    (12, 'Toll', 3, 18), (13, 'Maintenance', 50, 150), (14, 'Phone', 20, 60),
    (15, 'WiFi', 5, 30), (16, 'Pharmacy', 8, 60), (17, 'Boondocking', 0, 10),
    (18, 'Tours', 40, 250), (19, 'Activities', 15, 120), (20, 'Entertainment', 10, 60),
    (21, 'Souvenirs', 8, 60), (22, 'Oil Change', 80, 190), (23, 'Repairs', 90, 900),
    (24, 'Parts', 20, 350), (25, 'Tires', 180, 1100), (26, 'RV Gear', 20, 400),
    (27, 'Tools', 12, 180), (28, 'Electronics', 30, 600), (29, 'Safety', 15, 140),
    (30, 'Comfort', 15, 160), (31, 'Hotels', 90, 240), (32, 'Dump Station', 0, 15),
    (33, 'Medical', 40, 220), (34, 'Personal Care', 8, 55), (35, 'Clothing', 20, 180),
    (36, 'Insurance', 60, 240), (37, 'Miscellaneous', 5, 80), (38, 'Emergency', 60, 700),
    (39, 'Other', 5, 60)
) as category (number, name, low, high);

-- People. One statement, so that the trigger on auth.users finds each profile
-- and each row of settings in place and the timestamps stay as given.

with
  people as (
    insert into auth.users (
      instance_id, id, aud, role, email, email_confirmed_at,
      confirmation_token, recovery_token, email_change_token_new, email_change,
      raw_app_meta_data, raw_user_meta_data, created_at, updated_at
    )
    select
      '00000000-0000-0000-0000-000000000000', id, 'authenticated', 'authenticated', email, joined,
      '', '', '', '',
      '{"provider": "email", "providers": ["email"]}',
      jsonb_build_object('full_name', 'Traveller ' || n), joined, joined
    from demo_user
    order by n
  ),
  settings as (
    insert into public.user_settings (user_id, regional_preferences, created_at, updated_at)
    select
      id,
      jsonb_build_object(
        'currency', currency,
        'units', case when region = 'United States' then 'imperial' else 'metric' end,
        'timezone', case region when 'Australia' then 'Australia/Sydney' else 'UTC' end,
        'date_format', case when region = 'United States' then 'MM/DD/YYYY' else 'DD/MM/YYYY' end
      ),
      joined,
      joined
    from demo_user
    order by n
  )
insert into public.profiles (
  id, email, full_name, nickname, vehicle_type, vehicle_make_model, fuel_type, towing,
  max_driving, camp_types, pets, travel_style, interests, budget_range,
  current_latitude, current_longitude, travel_radius_miles, region, role, last_active,
  created_at, updated_at
)
select
  person.id,
  person.email,
  'Traveller ' || person.n,
  'T' || person.n,
  (array['caravan', 'camper_trailer', 'pop_top', 'fifth_wheeler', 'Sprinter Van', 'Class C'])[
    1 + pg_temp.dice('profile vehicle ' || person.n, 6)
  ],
  (array['Model A', 'Model B', 'Model C'])[1 + pg_temp.dice('profile model ' || person.n, 3)],
  (array['Diesel', 'Petrol', 'Electric', 'LPG'])[1 + pg_temp.dice('profile fuel ' || person.n, 4)],
  case pg_temp.dice('towing ' || person.n, 3) when 0 then 'small car' end,
  (array['200 km', '400 km', '600 km', '800 km'])[1 + pg_temp.dice('driving ' || person.n, 4)],
  (array['free_camp', 'beachfront', 'caravan park'])[1 + pg_temp.dice('camp ' || person.n, 3)],
  case pg_temp.dice('pets ' || person.n, 4) when 0 then 'dog' when 1 then 'cat' end,
  array[
    (array[
      'Solo traveler', 'Open to companions', 'Traveling with partner', 'Traveling with family',
      'Prefer privacy'
    ])[1 + pg_temp.dice('style ' || person.n, 5)]
  ],
  array[
    (array['hiking', 'fishing', 'photography', 'cycling', 'rv-repair', 'cooking'])[
      1 + pg_temp.dice('interest ' || person.n, 6)
    ],
    (array['kayaking', 'birdwatching', 'stargazing', 'rockhounding', 'veterans'])[
      1 + pg_temp.dice('second interest ' || person.n, 5)
    ]
  ],
  (array['budget', 'balanced', 'comfort', 'luxury'])[1 + pg_temp.dice('budget ' || person.n, 4)],
  place.lat::numeric,
  place.lng::numeric,
  (array[50, 100, 250, 500])[1 + pg_temp.dice('radius ' || person.n, 4)],
  person.region,
  case when person.n = 1 then 'admin' when person.n <= 3 then 'moderator' else 'user' end,
  timestamptz '2026-05-31 20:00:00+00' - pg_temp.dice('active ' || person.n, 40) * interval '9 hours',
  person.joined,
  person.joined
from demo_user as person
join demo_place as place on place.number = pg_temp.dice('home ' || person.n, 24)
order by person.n;

insert into public.admin_users
  (id, user_id, email, role, status, region, created_at, updated_at)
select
  md5('admin ' || n)::uuid, id, email, case n when 1 then 'admin' else 'moderator' end,
  'active', region, joined, joined
from demo_user
where n <= 3
order by n;

insert into public.user_subscriptions (
  id, user_id, plan_type, subscription_status, subscription_tier, stripe_customer_id,
  current_period_start, current_period_end, trial_ends_at, subscription_started_at,
  created_at, updated_at
)
select
  md5('subscription ' || n)::uuid,
  id,
  (array['free_trial', 'monthly', 'monthly', 'annual'])[1 + kind],
  (array['trial', 'active', 'cancelled', 'active'])[1 + kind],
  case kind when 0 then 'free' else 'premium' end,
  case when kind > 0 then 'cus_demo' || lpad(n::text, 6, '0') end,
  joined + interval '30 days',
  joined + case kind when 3 then interval '395 days' else interval '60 days' end,
  joined + interval '30 days',
  case when kind > 0 then joined + interval '30 days' end,
  joined,
  joined
from (select *, pg_temp.dice('plan ' || n, 4) as kind from demo_user) as person
order by n;

insert into public.user_active_sessions (
  id, user_id, session_id, device_info, ip_address, user_agent, is_current, last_activity,
  expires_at, created_at
)
select
  md5('session ' || s)::uuid,
  person.id,
  md5('session token ' || s),
  jsonb_build_object('os', (array['iOS', 'Android', 'Windows', 'macOS'])[1 + s % 4], 'app', '2.4.0'),
  ('198.51.100.' || s % 250)::inet,
  'WheelsAndWins/2.4',
  s <= 200,
  timestamptz '2026-05-31 00:00:00+00' + s * interval '4 minutes',
  timestamptz '2026-06-30 00:00:00+00' + s * interval '4 minutes',
  timestamptz '2026-05-01 00:00:00+00' + s * interval '4 minutes'
from generate_series(1, 300) as s
join demo_user as person on person.n = 1 + (s - 1) % 200
order by s;

-- Settings, categories, camp sites, templates, products: what everybody shares.

insert into public.system_settings
  (id, setting_key, setting_value, description, updated_by, updated_at)
select
  md5('setting ' || setting.key)::uuid, setting.key, setting.value::jsonb, setting.description,
  person.id, timestamptz '2026-01-15 10:00:00+00'
from (
  values
    ('maintenance_mode', 'false', 'Shows the maintenance page to everybody'),
    ('trial_days', '30', 'Length of the free trial'),
    ('max_upload_mb', '10', 'Largest file a user may upload'),
    ('supported_currencies', '["AUD", "USD", "NZD", "CAD", "GBP"]', 'Currencies in the menus'),
    ('pam_daily_messages', '{"free": 20, "premium": 500}', 'Messages to PAM in a day'),
    ('default_region', '"Australia"', 'Region of a new account')
) as setting (key, value, description)
join demo_user as person on person.n = 1
order by setting.key;

insert into public.transaction_categories (
  name, display_name, color, icon, is_system, is_income_category, sort_order, keywords,
  created_at, updated_at
)
select
  name, initcap(name), color, icon, true, income, number, keywords,
  timestamptz '2025-05-01 00:00:00+00', timestamptz '2025-05-01 00:00:00+00'
from (
  values
    (1, 'transportation', '#EF4444', 'car', false, array['fuel', 'toll', 'parking', 'petrol', 'diesel']),
    (2, 'accommodation', '#F59E0B', 'bed', false, array['camp', 'caravan park', 'hotel', 'cabin']),
    (3, 'food', '#10B981', 'utensils', false, array['groceries', 'restaurant', 'coffee', 'bakery']),
    (4, 'entertainment', '#8B5CF6', 'ticket', false, array['tour', 'museum', 'cinema', 'park']),
    (5, 'shopping', '#EC4899', 'bag', false, array['store', 'hardware', 'clothing', 'gear']),
    (6, 'utilities', '#6366F1', 'plug', false, array['phone', 'internet', 'gas bottle', 'power']),
    (7, 'salary', '#059669', 'briefcase', true, array['wages', 'payroll', 'salary', 'pension']),
    (8, 'freelance', '#0891B2', 'laptop', true, array['invoice', 'contract', 'gig', 'consulting']),
    (9, 'investment', '#DC2626', 'chart', true, array['dividend', 'interest', 'rent', 'shares'])
) as category (number, name, color, icon, income, keywords)
order by number;

insert into public.transaction_categories (
  name, display_name, color, parent_category_id, is_system, sort_order, keywords,
  created_at, updated_at
)
select
  lower(replace(child.name, ' ', '_')), child.name, parent.color, parent.id, true,
  child.number, array[lower(child.name)],
  timestamptz '2025-05-01 00:00:00+00', timestamptz '2025-05-01 00:00:00+00'
from (
  values
    (1, 'Fuel', 'transportation'), (2, 'Toll', 'transportation'), (3, 'Parking', 'transportation'),
    (4, 'Campgrounds', 'accommodation'), (5, 'RV Parks', 'accommodation'),
    (6, 'Groceries', 'food'), (7, 'Restaurants', 'food'), (8, 'Coffee', 'food'),
    (9, 'Tours', 'entertainment'), (10, 'Attractions', 'entertainment'),
    (11, 'RV Gear', 'shopping'), (12, 'Tools', 'shopping'),
    (13, 'WiFi', 'utilities'), (14, 'Propane', 'utilities')
) as child (number, name, parent)
join public.transaction_categories as parent on parent.name = child.parent
order by child.number;

insert into public.camping_locations (
  id, name, type, latitude, longitude, address, amenities, hookups, user_ratings,
  price_per_night, is_free, max_rig_length, reservation_required, crowd_level,
  last_crowd_update, last_scraped, created_at, updated_at
)
select
  md5('camp ' || c)::uuid,
  place.name || ' ' || (array['Foreshore Camp', 'Bush Camp', 'Caravan Park', 'Rest Area'])[1 + kind]
    || ' ' || c,
  (array['beachfront', 'free_camp', 'caravan_park', 'free_camp'])[1 + kind],
  round((place.lat + (pg_temp.dice('camp lat ' || c, 2000) - 1000) / 4000.0)::numeric, 6),
  round((place.lng + (pg_temp.dice('camp lng ' || c, 2000) - 1000) / 4000.0)::numeric, 6),
  place.name || ', ' || place.state,
  jsonb_build_object('toilets', c % 5 > 0, 'showers', kind in (0, 2), 'bbq', c % 3 = 0),
  jsonb_build_object('power', kind = 2, 'water', kind in (0, 2)),
  3 + pg_temp.dice('camp rating ' || c, 21) / 10.0,
  case when kind in (1, 3) then 0 else 20 + pg_temp.dice('camp price ' || c, 30) end,
  kind in (1, 3),
  6 + pg_temp.dice('rig ' || c, 10),
  kind = 2,
  (array['low', 'medium', 'high'])[1 + pg_temp.dice('crowd ' || c, 3)],
  case when c % 4 > 0 then timestamptz '2026-05-01 06:00:00+00' + c * interval '2 hours' end,
  timestamptz '2026-05-20 02:00:00+00' + c * interval '1 minute',
  timestamptz '2025-05-01 00:00:00+00',
  timestamptz '2026-05-20 02:00:00+00' + c * interval '1 minute'
from (select c, pg_temp.dice('camp kind ' || c, 4) as kind from generate_series(1, 300) as c) as camp
join demo_place as place on place.number = pg_temp.dice('camp place ' || c, 24)
order by c;

create temporary table demo_rating as
select template, n, 3 + pg_temp.dice('stars ' || template || ' ' || n, 3) as stars
from generate_series(1, 60) as template
cross join generate_series(1, 200) as n
where pg_temp.dice('rates ' || template || ' ' || n, 100) < 5;

insert into public.trip_templates (
  id, user_id, name, description, template_data, category, is_public, tags, usage_count,
  average_rating, total_ratings, is_featured, is_free, template_type, difficulty_level,
  estimated_duration, country, created_at, updated_at
)
select
  md5('template ' || t)::uuid,
  case when t > 10 then person.id end,
  coalesce(known.name, place.name || ' Loop ' || t),
  'A trip of ' || days || ' days around ' || place.state || '.',
  jsonb_build_object(
    'title', coalesce(known.name, place.name || ' Loop ' || t),
    'duration_days', days,
    'distance_miles', miles,
    'estimated_budget', days * 140,
    'currency', 'AUD',
    'region', place.state,
    'route_type', 'loop',
    'best_season', (array['autumn', 'winter', 'spring', 'summer'])[1 + t % 4],
    'highlights', jsonb_build_array(place.name, place.state || ' back roads'),
    'vehicle_requirements', jsonb_build_array(case when t % 3 = 0 then '4WD' else 'any' end),
    'tips', jsonb_build_array('Fill up before the long stretch', 'Book ahead in school holidays')
  ),
  coalesce(known.category, 'coastal_routes'),
  t <= 45,
  array[lower(replace(place.state, ' ', '-')), case when t % 2 = 0 then 'coast' else 'outback' end],
  pg_temp.dice('template use ' || t, 90),
  rated.average,
  coalesce(rated.ratings, 0),
  t <= 5,
  true,
  case when t > 10 then 'user' else 'system' end,
  (array['beginner', 'intermediate', 'advanced'])[1 + t % 3],
  days,
  'Australia',
  timestamptz '2025-05-10 00:00:00+00' + t * interval '1 day',
  timestamptz '2025-05-10 00:00:00+00' + t * interval '1 day'
from (
  select t, 3 + pg_temp.dice('template days ' || t, 25) as days, 150 + t * 37 as miles
  from generate_series(1, 60) as t
) as template
join demo_user as person on person.n = pg_temp.somebody('template ' || t)
join demo_place as place on place.number = pg_temp.dice('template place ' || t, 24)
left join (
  values
    (1, 'Great Ocean Road Classic', 'coastal_routes'), (2, 'The Big Lap', 'epic_journeys'),
    (3, 'Pacific Coast Explorer', 'coastal_routes'), (4, 'Red Centre Explorer', 'outback_adventures'),
    (5, 'Stuart Highway Darwin to Adelaide', 'outback_adventures'),
    (6, 'Tasmania Island Circuit', 'island_adventures'),
    (7, 'WA Coast Perth to Broome', 'coastal_routes'),
    (8, 'Nullarbor Plain Crossing', 'outback_adventures'),
    (9, 'Queensland Outback Explorer', 'outback_adventures'),
    (10, 'Blue Mountains and Wine Country', 'epic_journeys')
) as known (number, name, category) on known.number = t
left join (
  select demo_rating.template as of_template, round(avg(stars), 1) as average, count(*) as ratings
  from demo_rating
  group by demo_rating.template
) as rated on rated.of_template = t
order by t;

insert into public.trip_template_ratings
  (id, template_id, user_id, rating, created_at, updated_at)
select
  md5('rating ' || rating.template || ' ' || person.n)::uuid,
  md5('template ' || rating.template)::uuid,
  person.id,
  rating.stars,
  timestamptz '2025-09-01 12:00:00+00' + rating.template * interval '1 day' + person.n * interval '1 hour',
  timestamptz '2025-09-01 12:00:00+00' + rating.template * interval '1 day' + person.n * interval '1 hour'
from demo_rating as rating
join demo_user as person on person.n = rating.n
order by rating.template, person.n;

create temporary table demo_click as
select c, 1 + pg_temp.dice('clicked ' || c, 81) as product
from generate_series(1, 2000) as c;

insert into public.affiliate_products (
  id, title, description, short_description, category, affiliate_provider, affiliate_url, price,
  commission_rate, currency, image_url, tags, asin, regional_prices, regional_asins, click_count,
  sort_order, is_featured, availability_status, created_at, updated_at
)
select
  md5('product ' || p)::uuid,
  product.kind || ' ' || p,
  'A ' || lower(product.kind) || ' that has proved itself on long trips.',
  'A ' || lower(product.kind),
  product.category::public.product_category,
  (case when p % 9 = 0 then 'ebay' when p % 20 = 0 then 'custom' else 'amazon' end)
    ::public.affiliate_provider,
  'https://shop.example.com/item/' || p,
  product.price,
  4.50,
  case when p <= 67 then 'AUD' else 'USD' end,
  'https://images.example.com/product/' || p || '.webp',
  array[product.category, 'travel'],
  'B0' || upper(substr(md5('asin ' || p), 1, 8)),
  case when p % 7 = 0 then jsonb_build_object('AU', product.price, 'US', round(product.price * 0.66, 2)) end,
  case when p % 7 = 0 then jsonb_build_object('AU', 'B0AU' || p, 'US', 'B0US' || p) end,
  coalesce(clicked.clicks, 0),
  p,
  p <= 6,
  'in_stock',
  timestamptz '2025-06-10 00:00:00+00',
  timestamptz '2025-06-10 00:00:00+00'
from (
  select
    p,
    case
      when p <= 29 then 'camping_expedition' when p <= 43 then 'recovery_gear'
      when p <= 55 then 'parts_upgrades' when p <= 67 then 'outdoor_gear'
      when p <= 74 then 'tools_maintenance' when p <= 78 then 'electronics'
      when p <= 80 then 'apparel_merchandise' else 'books_manuals'
    end as category,
    case
      when p <= 29 then 'Camp lantern' when p <= 43 then 'Recovery strap'
      when p <= 55 then 'Water filter' when p <= 67 then 'Folding chair'
      when p <= 74 then 'Socket set' when p <= 78 then 'Solar panel'
      when p <= 80 then 'Rain jacket' else 'Road atlas'
    end as kind,
    round(7.59 + (power(pg_temp.dice('product price ' || p, 1000), 2) / 3508)::numeric, 2) as price
  from generate_series(1, 81) as p
) as product
left join (
  select demo_click.product as of_product, count(*) as clicks from demo_click group by demo_click.product
) as clicked on clicked.of_product = p
order by p;

insert into public.affiliate_product_clicks
  (id, product_id, user_id, clicked_at, ip_address, user_agent, referrer, metadata)
select
  md5('click ' || c)::uuid,
  md5('product ' || click.product)::uuid,
  case when c % 5 > 0 then person.id end,
  timestamptz '2025-06-11 00:00:00+00' + c * interval '4 hours',
  ('203.0.113.' || c % 250)::inet,
  'WheelsAndWins/2.4',
  '/shop',
  jsonb_build_object('position', click.product % 12, 'region', person.region)
from demo_click as click
join demo_user as person on person.n = pg_temp.somebody('click ' || c)
order by c;

insert into public.affiliate_sales (
  id, user_id, product_id, product_name, vendor_name, sale_amount, commission_rate,
  commission_amount, payout_status, sale_date, created_at, updated_at
)
select
  md5('sale ' || s)::uuid, person.id, product.asin, product.title, product.affiliate_provider::text,
  product.price, 0.0450, round(product.price * 0.045, 2),
  case when s < 120 then 'paid' else 'pending' end,
  sold.at, sold.at, sold.at
from generate_series(1, 150) as s
cross join lateral (select timestamptz '2025-06-15 00:00:00+00' + s * interval '56 hours' as at) as sold
join demo_user as person on person.n = pg_temp.somebody('sale ' || s)
join public.affiliate_products as product
  on product.id = md5('product ' || (1 + pg_temp.dice('sold ' || s, 81)))::uuid
order by s;

-- Vehicles, fill-ups, maintenance.

insert into public.vehicles (
  id, user_id, name, make, model, year, license_plate, vehicle_type, fuel_type,
  fuel_capacity_gallons, mileage_current, mileage_purchased, purchase_date, purchase_price,
  insurance_company, insurance_expires, registration_expires, is_primary,
  fuel_consumption_l_per_100km, fuel_consumption_mpg, fuel_consumption_source,
  fuel_consumption_sample_size, specifications, created_at, updated_at
)
select
  md5('vehicle ' || v)::uuid,
  person.id,
  case when v <= 200 then 'Home on wheels' else 'Runabout' end,
  (array['Northline', 'Outrider', 'Wayfare'])[1 + v % 3],
  (array['Model A', 'Model B', 'Model C'])[1 + v % 3],
  2005 + pg_temp.dice('year ' || v, 20),
  'DEMO' || lpad(v::text, 3, '0'),
  case
    when v > 200 then 'car'
    else (array['rv', 'motorhome', 'travel_trailer', 'fifth_wheel', 'truck'])[
      1 + pg_temp.dice('vehicle type ' || v, 5)
    ]
  end,
  (array['diesel', 'gasoline', 'diesel', 'hybrid'])[1 + pg_temp.dice('vehicle fuel ' || v, 4)],
  18 + pg_temp.dice('tank ' || v, 20),
  75000 + 30 * 500,
  60000,
  date '2022-03-01' + v,
  18000 + pg_temp.dice('vehicle price ' || v, 700) * 100,
  'Demo Mutual',
  date '2026-08-01' + v % 90,
  date '2026-07-01' + v % 120,
  v <= 200,
  used.litres,
  round(235.214 / used.litres, 2),
  case when v <= 200 then 'calculated_from_fillups' else 'user_provided' end,
  case when v <= 200 then 10 else 0 end,
  jsonb_build_object('length_m', 5 + v % 7, 'berths', 2 + v % 4),
  person.joined,
  person.joined
from generate_series(1, 240) as v
cross join lateral (select 9 + pg_temp.dice('litres ' || v, 800) / 100.0 as litres) as used
join demo_user as person on person.n = 1 + (v - 1) % 200
order by v;

-- Every person fills up every twelve days and then has driven 500 km more.
insert into public.fuel_log (
  user_id, vehicle_id, date, odometer, volume, price, total, consumption, location, region,
  filled_to_top, created_at
)
select
  person.id,
  md5('vehicle ' || person.n)::uuid,
  date '2025-06-01' + filled * 12,
  75000 + filled * 500,
  fuel.litres,
  fuel.price,
  round(fuel.litres * fuel.price, 2),
  round(fuel.litres / 5, 2),
  (array['Shell', 'BP', 'Caltex', '7-Eleven', 'United'])[1 + pg_temp.dice('station ' || filled || ' ' || person.n, 5)]
    || ' ' || place.name,
  person.region,
  pg_temp.dice('full ' || filled || ' ' || person.n, 10) > 0,
  timestamptz '2025-06-01 09:00:00+00' + filled * interval '12 days' + person.n * interval '1 minute'
from generate_series(0, 29) as filled
cross join demo_user as person
cross join lateral (
  select
    45 + pg_temp.dice('litres ' || filled || ' ' || person.n, 20001) / 1000.0 as litres,
    1.55 + pg_temp.dice('price ' || filled || ' ' || person.n, 400) / 1000.0 as price
) as fuel
join demo_place as place on place.number = pg_temp.dice('fuel place ' || filled || ' ' || person.n, 24)
order by filled, person.n;

insert into public.maintenance_records (
  user_id, task, date, mileage, cost, status, next_due_date, next_due_mileage, notes, created_at
)
select
  person.id,
  (array[
    'Oil Change', 'Tire Rotation', 'Brake Inspection', 'Air Filter Replacement', 'Coolant Check'
  ])[task],
  done.on_day,
  50000 + task * 3000,
  50 + pg_temp.dice('service ' || task || ' ' || person.n, 10001) / 100.0,
  (array['completed', 'completed', 'due_soon', 'pending', 'overdue'])[
    1 + pg_temp.dice('service status ' || task || ' ' || person.n, 5)
  ],
  done.on_day + 90,
  50000 + task * 3000 + 3000,
  case when person.n % 3 = 0 then 'Done at a workshop on the road' end,
  done.on_day + time '15:00'
from generate_series(1, 5) as task
cross join demo_user as person
cross join lateral (select date '2025-07-01' + task * 60 + person.n % 50 as on_day) as done
order by task, person.n;

-- Trips: the line of the road as GeoJSON, two legs each, five stops a leg.

create temporary table demo_trip as
select
  t,
  pg_temp.somebody('trip ' || t) as n,
  pg_temp.dice('trip from ' || t, 24) as start_place,
  (pg_temp.dice('trip from ' || t, 24) + 1 + pg_temp.dice('trip to ' || t, 11)) % 24 as middle_place,
  (pg_temp.dice('trip from ' || t, 24) + 13 + pg_temp.dice('trip end ' || t, 11)) % 24 as end_place,
  date '2025-06-05' + t * 7 / 12 as leaves,
  5 + pg_temp.dice('trip days ' || t, 30) as days
from generate_series(1, 600) as t;

insert into public.user_trips (
  id, user_id, title, description, start_date, end_date, status, trip_type, total_budget,
  spent_budget, privacy_level, metadata, created_at, updated_at
)
select
  md5('trip ' || trip.t)::uuid,
  person.id,
  origin.name || ' to ' || destination.name,
  'From ' || origin.state || ' to ' || destination.state || ' in ' || trip.days || ' days.',
  trip.leaves,
  trip.leaves + trip.days,
  case
    when trip.t % 25 = 0 then 'cancelled' when trip.t <= 540 then 'completed'
    when trip.t <= 570 then 'active' else 'planning'
  end,
  (array['road_trip', 'camping', 'rv_travel', 'vacation'])[1 + pg_temp.dice('trip type ' || trip.t, 4)],
  trip.days * 140,
  round(trip.days * (90 + pg_temp.dice('spent ' || trip.t, 7000) / 100.0), 2),
  (array['private', 'private', 'friends', 'public'])[1 + pg_temp.dice('privacy ' || trip.t, 4)],
  jsonb_build_object(
    'route_data', jsonb_build_object(
      'source', 'planner',
      'waypoints', jsonb_build_array(
        jsonb_build_array(origin.lng, origin.lat),
        jsonb_build_array(middle.lng, middle.lat),
        jsonb_build_array(destination.lng, destination.lat)
      ),
      'geometry', jsonb_build_object('type', 'LineString', 'coordinates', line.coordinates)
    )
  ),
  trip.leaves - 20 + time '18:30',
  trip.leaves - 6 + time '07:15'
from demo_trip as trip
join demo_user as person on person.n = trip.n
join demo_place as origin on origin.number = trip.start_place
join demo_place as middle on middle.number = trip.middle_place
join demo_place as destination on destination.number = trip.end_place
cross join lateral (
  select jsonb_agg(
    jsonb_build_array(
      round((
        case when k <= 20
          then origin.lng + (middle.lng - origin.lng) * k / 20
          else middle.lng + (destination.lng - middle.lng) * (k - 20) / 20
        end + (bend % 200 - 100) / 1000.0
      )::numeric, 5),
      round((
        case when k <= 20
          then origin.lat + (middle.lat - origin.lat) * k / 20
          else middle.lat + (destination.lat - middle.lat) * (k - 20) / 20
        end + (bend / 200 - 100) / 1000.0
      )::numeric, 5)
    )
    order by k
  ) as coordinates
  from generate_series(0, 40) as k
  cross join lateral (select pg_temp.dice('bend ' || trip.t || ' ' || k, 40000) as bend) as road
) as line
order by trip.t;

create temporary table demo_leg as
select
  trip.t,
  leg,
  trip.n,
  trip.leaves,
  origin.name as from_name,
  origin.lng as from_lng,
  origin.lat as from_lat,
  destination.name as to_name,
  destination.lng as to_lng,
  destination.lat as to_lat
from demo_trip as trip
cross join generate_series(1, 2) as leg
join demo_place as origin
  on origin.number = case leg when 1 then trip.start_place else trip.middle_place end
join demo_place as destination
  on destination.number = case leg when 1 then trip.middle_place else trip.end_place end;

insert into public.trip_routes (
  id, trip_id, user_id, route_name, start_location, end_location, route_data, distance_km,
  estimated_duration_hours, route_order, created_at, updated_at
)
select
  md5('route ' || t || ' ' || leg)::uuid,
  md5('trip ' || t)::uuid,
  person.id,
  from_name || ' to ' || to_name,
  point(from_lng, from_lat),
  point(to_lng, to_lat),
  jsonb_build_object('profile', 'driving', 'avoid_tolls', t % 4 = 0, 'stops', 5),
  way.km,
  round(way.km / 80, 2),
  leg,
  leaves - 20 + time '18:40',
  leaves - 20 + time '18:40'
from demo_leg
cross join lateral (
  select round(
    (122 * sqrt(power(to_lat - from_lat, 2) + power((to_lng - from_lng) * 0.87, 2)))::numeric, 2
  ) as km
) as way
join demo_user as person on person.n = demo_leg.n
order by t, leg;

insert into public.trip_waypoints (
  id, route_id, user_id, name, description, location, waypoint_type, planned_arrival,
  planned_departure, waypoint_order, visit_duration_minutes, rating, created_at, updated_at
)
select
  md5('stop ' || t || ' ' || leg || ' ' || stop)::uuid,
  md5('route ' || t || ' ' || leg)::uuid,
  person.id,
  case stop when 1 then from_name when 5 then to_name else 'Stop ' || stop || ' towards ' || to_name end,
  case when stop in (1, 5) then null else 'On the way from ' || from_name end,
  point(
    from_lng + (to_lng - from_lng) * (stop - 1) / 4,
    from_lat + (to_lat - from_lat) * (stop - 1) / 4
  ),
  (array['stop', 'gas_station', 'restaurant', 'lodging', 'attraction', 'rest_area'])[
    1 + pg_temp.dice('stop type ' || t || ' ' || leg || ' ' || stop, 6)
  ],
  leaves + (leg - 1) * 3 + time '08:00' + stop * interval '2 hours',
  leaves + (leg - 1) * 3 + time '08:40' + stop * interval '2 hours',
  stop,
  40,
  case when t <= 540 then 1 + pg_temp.dice('stop stars ' || t || ' ' || leg || ' ' || stop, 5) end,
  leaves - 20 + time '18:45',
  leaves - 20 + time '18:45'
from demo_leg
cross join generate_series(1, 5) as stop
join demo_user as person on person.n = demo_leg.n
order by t, leg, stop;

insert into public.trip_expenses (
  id, trip_id, user_id, category, amount, currency, description, vendor, location, expense_date,
  payment_method, tags, created_at, updated_at
)
select
  md5('trip expense ' || trip.t || ' ' || e)::uuid,
  md5('trip ' || trip.t)::uuid,
  person.id,
  (array['fuel', 'food', 'lodging', 'attractions', 'maintenance', 'other'])[1 + kind],
  round((array[92, 45, 28, 35, 110, 20])[1 + kind] * (0.6 + pg_temp.dice('cost ' || trip.t || ' ' || e, 90) / 100.0), 2),
  'AUD',
  (array['Full tank', 'Lunch and groceries', 'Two nights', 'Entry', 'New tyre valve', 'Sundries'])[1 + kind],
  (array['BP', 'Market', 'Caravan Park', 'Visitor Centre', 'Workshop', 'Store'])[1 + kind] || ' ' || place.name,
  point(place.lng, place.lat),
  trip.leaves + e,
  (array['card', 'cash', 'card'])[1 + e % 3],
  case when kind = 0 then array['fuel', 'deductible'] end,
  trip.leaves + e + time '17:00',
  trip.leaves + e + time '17:00'
from demo_trip as trip
cross join generate_series(1, 6) as e
cross join lateral (select pg_temp.dice('trip spends ' || trip.t || ' ' || e, 6) as kind) as spent
join demo_user as person on person.n = trip.n
join demo_place as place
  on place.number = case when e <= 3 then trip.middle_place else trip.end_place end
where trip.t <= 570
order by trip.t, e;

-- One statement again: the trigger then finds its organizers in place.
with
  groups as (
    insert into public.group_trips (
      id, created_by, trip_name, description, start_date, end_date, meeting_point, status,
      created_at, updated_at
    )
    select
      md5('group trip ' || g)::uuid, person.id, 'Convoy to ' || place.name,
      'Five rigs, no hurry.', date '2026-06-10' + g * 5, date '2026-06-20' + g * 5,
      jsonb_build_object('name', place.name, 'coordinates', jsonb_build_array(place.lng, place.lat)),
      'planning', timestamptz '2026-04-01 09:00:00+00' + g * interval '1 day',
      timestamptz '2026-04-01 09:00:00+00' + g * interval '1 day'
    from generate_series(1, 20) as g
    join demo_user as person on person.n = g * 3
    join demo_place as place on place.number = g
    order by g
  )
insert into public.group_trip_participants (id, trip_id, user_id, role, status, joined_at)
select
  md5('participant ' || g || ' ' || p)::uuid,
  md5('group trip ' || g)::uuid,
  person.id,
  case p when 0 then 'organizer' else 'participant' end,
  case when p in (0, 1, 2) then 'accepted' when p = 3 then 'invited' else 'declined' end,
  timestamptz '2026-04-01 09:00:00+00' + g * interval '1 day' + p * interval '2 hours'
from generate_series(1, 20) as g
cross join generate_series(0, 4) as p
join demo_user as person on person.n = g * 3 + p * 11
order by g, p;

-- Money.

insert into public.expenses (user_id, amount, category, date, expense_date, description, created_at)
select
  person.id,
  category.low + round((category.high - category.low) * pg_temp.dice('amount ' || e, 1000) / 1000.0, 2),
  category.name,
  spent.on_day,
  spent.on_day,
  case pg_temp.dice('described ' || e, 3)
    when 0 then category.name || ' near ' || place.name
    when 1 then category.name || ', ' || place.state
  end,
  spent.on_day + time '08:00' + pg_temp.dice('minute ' || e, 720) * interval '1 minute'
from generate_series(1, 20000) as e
cross join lateral (select date '2025-06-01' + e * 73 / 4000 as on_day) as spent
join demo_user as person on person.n = pg_temp.somebody('expense ' || e)
join demo_category as category
  on category.number = floor(power(pg_temp.dice('category ' || e, 1000), 2) / 25000)
join demo_place as place on place.number = pg_temp.dice('expense place ' || e, 24)
order by e;

insert into public.budgets (
  id, user_id, name, category, budgeted_amount, monthly_limit, alert_threshold, start_date,
  end_date, created_at
)
select
  md5('budget ' || category.number || ' ' || person.n)::uuid,
  person.id,
  category.name || ' 2026',
  category.name,
  12 * monthly.amount,
  monthly.amount,
  (array[75, 80, 90])[1 + person.n % 3],
  date '2026-01-01',
  date '2026-12-31',
  timestamptz '2025-12-28 10:00:00+00' + person.n * interval '5 minutes'
from demo_category as category
cross join demo_user as person
cross join lateral (
  select 100 + 25 * pg_temp.dice('budgeted ' || category.number || ' ' || person.n, 20) as amount
) as monthly
where category.number < 5
order by person.n, category.number;

insert into public.income_entries (id, user_id, amount, source, date, type, description, created_at)
select
  md5('income ' || month || ' ' || person.n)::uuid,
  person.id,
  1800 + pg_temp.dice('income ' || month || ' ' || person.n, 240000) / 100.0,
  (array['Work', 'Pension', 'Online shop', 'Shares', 'Rent'])[1 + kind],
  (date '2025-06-15' + month * interval '1 month')::date,
  (array['regular', 'regular', 'side-hustle', 'passive', 'other'])[1 + kind],
  null,
  timestamptz '2025-06-15 03:00:00+00' + month * interval '1 month' + person.n * interval '1 second'
from generate_series(0, 11) as month
cross join demo_user as person
cross join lateral (select pg_temp.dice('earns ' || person.n, 5) as kind) as earned
order by month, person.n;

insert into public.anonymized_transactions (
  user_id, amount, category, transaction_type, date, hash, is_recurring, merchant_category,
  location, metadata, created_at
)
select
  person.id,
  case kind when 0 then 2100 else 6 + pg_temp.dice('transaction ' || x, 19000) / 100.0 end,
  case kind when 0 then 'salary' else (array['transportation', 'accommodation', 'food', 'shopping'])[1 + x % 4] end,
  case kind when 0 then 'income' when 1 then 'transfer' else 'expense' end,
  date '2025-06-01' + x / 6,
  md5('imported ' || x),
  x % 11 = 0,
  (array['fuel', 'grocery', 'dining', 'hardware', 'camping'])[1 + x % 5],
  place.name,
  jsonb_build_object('file', 'statement-' || x / 50 || '.csv', 'line', x % 50),
  timestamptz '2025-06-02 00:00:00+00' + x * interval '4 hours'
from generate_series(1, 2000) as x
cross join lateral (select pg_temp.dice('transaction kind ' || x, 20) as kind) as imported
join demo_user as person on person.n = pg_temp.somebody('transaction ' || x)
join demo_place as place on place.number = pg_temp.dice('transaction place ' || x, 24)
order by x;

insert into public.pam_savings_events (
  user_id, event_type, amount, savings_type, predicted_savings, actual_savings, baseline_cost,
  optimized_cost, recommendation_id, savings_description, category, verification_method,
  confidence_score, location, saved_date, metadata, created_at, updated_at
)
select
  person.id,
  (array['gas', 'campground', 'route', 'other'])[1 + s % 4],
  saved.amount,
  (array[
    'fuel_optimization', 'camping_alternative', 'route_optimization', 'price_comparison',
    'timing_optimization', 'maintenance_prevention'
  ])[1 + s % 6],
  round(saved.amount * 1.1, 2),
  saved.amount,
  saved.baseline,
  saved.baseline - saved.amount,
  md5('recommendation ' || s)::uuid,
  'A cheaper stop near ' || place.name,
  (array['Fuel', 'Campgrounds', 'Toll', 'Other'])[1 + s % 4],
  (array['expense_comparison', 'receipt_analysis', 'user_confirmation', 'automatic_detection'])[1 + s % 4],
  0.60 + pg_temp.dice('confidence ' || s, 40) / 100.0,
  point(place.lng, place.lat),
  date '2025-06-10' + s * 4 / 9,
  jsonb_build_object('message', s),
  timestamptz '2025-06-10 12:00:00+00' + s * interval '10 hours 40 minutes',
  timestamptz '2025-06-10 12:00:00+00' + s * interval '10 hours 40 minutes'
from generate_series(1, 800) as s
cross join lateral (
  select
    40 + pg_temp.dice('baseline ' || s, 9000) / 100.0 as baseline,
    2 + pg_temp.dice('saved ' || s, 2500) / 100.0 as amount
) as saved
join demo_user as person on person.n = pg_temp.somebody('saving ' || s)
join demo_place as place on place.number = pg_temp.dice('saving place ' || s, 24)
order by s;

-- PAM: a thousand conversations of thirty messages, memory, logs.

create temporary table demo_conversation as
select
  c,
  pg_temp.somebody('conversation ' || c) as n,
  timestamptz '2025-06-01 06:00:00+00' + c * interval '8 hours 45 minutes' as started
from generate_series(1, 1000) as c;

insert into public.pam_conversations (
  id, user_id, session_id, title, context, is_active, message_count, last_activity, created_at,
  updated_at
)
select
  md5('conversation ' || c)::uuid,
  person.id,
  md5('pam session ' || c),
  (array['Where to camp', 'Money this month', 'Plan the next leg', 'Something rattles'])[1 + c % 4],
  jsonb_build_object('page', (array['/wheels', '/wins', '/pam', '/social'])[1 + c % 4], 'region', person.region),
  c > 900,
  30,
  started + 29 * interval '45 seconds',
  started,
  started + 29 * interval '45 seconds'
from demo_conversation
join demo_user as person on person.n = demo_conversation.n
order by c;

insert into public.pam_messages (
  id, conversation_id, role, content, intent, confidence, entities, metadata, created_at
)
select
  md5('message ' || c || ' ' || m)::uuid,
  md5('conversation ' || c)::uuid,
  case when m % 2 = 0 then 'user' else 'assistant' end,
  case
    when m % 2 = 0 then format(
      (array[
        'Where can I camp for free near %1$s tonight? I need room for %3$s metres and a toilet.',
        'How much have I spent on fuel since %1$s? It feels like more than %2$s dollars.',
        'Add %2$s dollars for groceries in %1$s, paid by card.',
        'What is the best way from %1$s to %4$s with a caravan, and how long will it take?',
        'Is the road to %1$s open? Somebody said it was flooded %3$s days ago.',
        'Remind me to check the coolant before I leave %1$s.'
      ])[1 + asked], place.name, 20 + asked * 7 + m / 2 * 5 + c % 60, 4 + (c + m) % 9, towards.name)
    else format(
      (array[
        'There are %3$s free sites within 40 km of %1$s. The nearest with a toilet and level ground for your rig is 12 km out on the %4$s road; it was quiet when somebody last looked. Shall I add it to your trip?',
        'Since %1$s you have put in %2$s litres and paid %5$s dollars, which is %3$s percent less than in the month before. The cheapest diesel on your way to %4$s is at the next highway stop.',
        'Done: %2$s dollars under Groceries. That leaves %5$s dollars of this month''s budget, and you have %3$s days to go.',
        'From %1$s to %4$s take the inland highway: %5$s km, about %3$s hours with a caravan. I would stop twice, because the last fuel before the long stretch closes at six.',
        'The road to %1$s is open to all vehicles, with water over it in %3$s places up to 20 cm. Drive it by daylight, and tell somebody in %4$s when you expect to arrive.',
        'I will remind you %3$s hours before you leave %1$s. Your last coolant check was %2$s days ago; %5$s km remain until the next service.'
      ])[1 + asked], place.name, 20 + asked * 7 + m / 2 * 5 + c % 60, 2 + (c + m) % 11, towards.name,
      180 + (c * 7 + m * 13) % 900)
  end,
  (array['find_camping', 'fuel_spending', 'add_expense', 'plan_route', 'road_conditions', 'reminder'])[1 + asked],
  0.70 + pg_temp.dice('sure ' || c || ' ' || m, 30) / 100.0,
  jsonb_build_object('place', place.name, 'coordinates', jsonb_build_array(place.lng, place.lat)),
  case when m % 2 = 1 then jsonb_build_object('model', 'demo', 'tokens', 80 + (c + m * 5) % 300) else '{}' end,
  demo_conversation.started + m * interval '45 seconds'
from demo_conversation
cross join generate_series(0, 29) as m
cross join lateral (select pg_temp.dice('asked ' || c || ' ' || m / 2, 6) as asked) as turn
join demo_place as place on place.number = pg_temp.dice('about ' || c || ' ' || m / 4, 24)
join demo_place as towards on towards.number = (place.number + 1 + c % 22) % 24
order by c, m;

insert into public.pam_conversation_memory (
  id, user_id, session_id, message_sequence, user_message, pam_response, detected_intent,
  intent_confidence, entities_extracted, context_used, response_time_ms, response_quality,
  node_used, follow_up_needed, message_timestamp, created_at, expires_at
)
select
  md5('turn ' || c || ' ' || turn)::uuid,
  person.id,
  md5('pam session ' || c)::uuid,
  turn,
  'Question ' || turn || ' about ' || place.name,
  'Answer ' || turn || ' about ' || place.name || ', with two suggestions and a reminder.',
  (array['find_camping', 'fuel_spending', 'plan_route'])[1 + turn % 3],
  0.80 + pg_temp.dice('turn ' || c || ' ' || turn, 20) / 100.0,
  jsonb_build_object('place', place.name),
  jsonb_build_object('region', person.region),
  400 + pg_temp.dice('slow ' || c || ' ' || turn, 2600),
  0.90,
  'planner',
  turn = 3,
  started + turn * interval '90 seconds',
  started + turn * interval '90 seconds',
  started + turn * interval '90 seconds' + interval '30 days'
from demo_conversation
cross join generate_series(1, 3) as turn
join demo_user as person on person.n = demo_conversation.n
join demo_place as place on place.number = pg_temp.dice('turn place ' || c, 24)
where c > 500
order by c, turn;

insert into public.pam_user_context (
  user_id, context_type, context_data, current_location, learned_preferences, vehicle_info,
  recent_intents, preferred_response_style, last_interaction, last_updated, updated_at
)
select
  person.id,
  'general',
  jsonb_build_object('trips', person.n % 9, 'onboarded', true),
  jsonb_build_object('name', place.name, 'lng', place.lng, 'lat', place.lat),
  jsonb_build_object('quiet_sites', person.n % 2 = 0, 'max_price', 20 + person.n % 30),
  jsonb_build_object('vehicle_id', md5('vehicle ' || person.n)::uuid),
  array['find_camping', 'plan_route'],
  'balanced',
  timestamptz '2026-05-30 09:00:00+00' + person.n * interval '1 minute',
  timestamptz '2026-05-30 09:00:00+00' + person.n * interval '1 minute',
  timestamptz '2026-05-30 09:00:00+00' + person.n * interval '1 minute'
from demo_user as person
join demo_place as place on place.number = pg_temp.dice('home ' || person.n, 24)
order by person.n;

-- Vectors are wide; fifty of them are enough to see what they weigh.
insert into public.memories (
  id, user_id, content, memory_type, embedding, importance_score, access_count,
  last_accessed_at, is_active, created_at, updated_at
)
select
  md5('memory ' || m)::uuid,
  person.id,
  (array['Prefers ', 'Avoids ', 'Often stops at ', 'Wants to hear about '])[1 + m % 4] || place.name,
  (array['preference', 'fact', 'pattern', 'instruction'])[1 + m % 4],
  case when m <= 50 then (
    select array_agg(((pg_temp.dice('embedding ' || m || ' ' || i, 2001) - 1000) / 1000.0)::real order by i)
    from generate_series(1, 1536) as i
  ) end,
  (1 + m % 10) / 10.0,
  m % 17,
  timestamptz '2026-05-01 00:00:00+00' + m * interval '90 minutes',
  m % 20 > 0,
  timestamptz '2025-07-01 00:00:00+00' + m * interval '18 hours',
  timestamptz '2025-07-01 00:00:00+00' + m * interval '18 hours'
from generate_series(1, 400) as m
join demo_user as person on person.n = pg_temp.somebody('memory ' || m)
join demo_place as place on place.number = pg_temp.dice('memory place ' || m, 24)
order by m;

insert into public.pam_analytics_logs (
  user_id, session_id, event_type, intent, log_level, message, trace_id, workflow_name, confidence,
  response_time_ms, api_calls_count, hour_of_day, day_of_week, success, has_error, is_weekend,
  event_data, "timestamp", created_at
)
select
  person.id,
  md5('pam session ' || (1 + a % 1000)),
  (array['chat_message', 'tool_call', 'chat_message', 'error'])[1 + kind],
  (array['find_camping', 'fuel_spending', 'plan_route', 'add_expense'])[1 + a % 4],
  case kind when 3 then 'error' else 'info' end,
  case kind when 3 then 'The map service did not answer in time' else 'Answered' end,
  md5('trace ' || a),
  'pam',
  0.70 + pg_temp.dice('log confidence ' || a, 30) / 100.0,
  300 + pg_temp.dice('log time ' || a, 4000),
  1 + a % 4,
  extract(hour from logged.at at time zone 'UTC')::integer,
  extract(isodow from logged.at at time zone 'UTC')::integer,
  kind < 3,
  kind = 3,
  extract(isodow from logged.at at time zone 'UTC') > 5,
  jsonb_build_object('tools', jsonb_build_array('map', 'expenses'), 'tokens', 100 + a % 700),
  logged.at,
  logged.at
from generate_series(1, 4000) as a
cross join lateral (
  select
    timestamptz '2026-03-03 00:00:00+00' + a * interval '32 minutes' as at,
    pg_temp.dice('log kind ' || a, 4) as kind
) as logged
join demo_user as person on person.n = pg_temp.somebody('log ' || a)
order by a;

insert into public.agent_logs (
  id, user_id, session_id, message, response, intent, confidence_score, response_time_ms,
  input_type, tools_used, created_at, updated_at
)
select
  md5('agent ' || a)::uuid,
  person.id,
  md5('pam session ' || a),
  'Plan the way to ' || place.name,
  'Here is a plan for ' || place.name || ' with ' || 1 + a % 5 || ' stops.',
  'plan_route',
  0.9,
  800 + pg_temp.dice('agent time ' || a, 5000),
  case when a % 6 = 0 then 'voice' else 'text' end,
  '["map", "weather"]',
  timestamptz '2025-08-01 00:00:00+00' + a * interval '14 hours',
  timestamptz '2025-08-01 00:00:00+00' + a * interval '14 hours'
from generate_series(1, 500) as a
join demo_user as person on person.n = pg_temp.somebody('agent ' || a)
join demo_place as place on place.number = pg_temp.dice('agent place ' || a, 24)
order by a;

-- Groups, posts, votes, comments, friends.

create temporary table demo_member as
select g, n
from generate_series(1, 12) as g
cross join generate_series(1, 200) as n
where n = g * 5 or pg_temp.dice('member ' || g || ' ' || n, 100) < 20;

insert into public.social_groups (
  id, name, description, location, owner_id, admin_id, privacy, activity_level, member_count,
  created_at, updated_at
)
select
  md5('group ' || g)::uuid,
  (array['Grey Nomads', 'Free Camp Finders', 'Solar and Batteries', 'Solo on the Road'])[1 + g % 4]
    || ' ' || place.state,
  'People on the road around ' || place.name || '.',
  place.state,
  person.id,
  person.id,
  case when g % 4 = 0 then 'private' else 'public' end,
  (array['low', 'medium', 'high'])[1 + g % 3],
  (select count(*) from demo_member as member where member.g = groups.g),
  timestamptz '2025-07-01 00:00:00+00' + g * interval '2 days',
  timestamptz '2025-07-01 00:00:00+00' + g * interval '2 days'
from generate_series(1, 12) as groups (g)
join demo_user as person on person.n = g * 5
join demo_place as place on place.number = g * 2 - 1
order by g;

insert into public.social_group_members (group_id, user_id, role, joined_at)
select
  md5('group ' || g)::uuid,
  person.id,
  case when person.n = g * 5 then 'admin' when person.n % 40 = 0 then 'moderator' else 'member' end,
  timestamptz '2025-08-01 00:00:00+00' + g * interval '1 day' + person.n * interval '3 hours'
from demo_member
join demo_user as person on person.n = demo_member.n
order by g, person.n;

insert into public.social_posts (
  id, user_id, content, image_url, status, location, group_id, created_at
)
select
  md5('post ' || p)::uuid,
  person.id,
  format(
    (array[
      'Two nights at %s and not a cloud. The free site behind the dunes has room for long rigs.',
      'Fuel in %s is eight cents dearer than last week. Fill up before you get there.',
      'Replaced a wheel bearing in the car park at %s. Carry the right socket, people.',
      'Best coffee on the highway is in %s, next to the silos.',
      'Anybody near %s next week? We would share a fire.'
    ])[1 + p % 5], place.name),
  case when p % 7 = 0 then 'https://images.example.com/post/' || p || '.webp' end,
  case when p % 40 = 0 then 'pending' when p % 97 = 0 then 'hidden' else 'approved' end,
  case when p % 3 = 0 then 'group' else 'feed' end,
  case when p % 3 = 0 then md5('group ' || (1 + p % 12))::uuid end,
  timestamptz '2025-08-15 00:00:00+00' + p * interval '3 hours 25 minutes'
from generate_series(1, 2000) as p
join demo_user as person on person.n = pg_temp.somebody('post ' || p)
join demo_place as place on place.number = pg_temp.dice('post place ' || p, 24)
order by p;

insert into public.post_votes (id, post_id, user_id, vote_type, created_at)
select
  md5('vote ' || p || ' ' || v)::uuid,
  md5('post ' || p)::uuid,
  person.id,
  pg_temp.dice('up ' || p || ' ' || v, 6) > 0,
  timestamptz '2025-08-15 01:00:00+00' + p * interval '3 hours 25 minutes' + v * interval '20 minutes'
from generate_series(1, 2000) as p
cross join generate_series(1, 5) as v
join demo_user as person on person.n = 1 + (pg_temp.dice('voter ' || p, 200) + v * 37) % 200
order by p, v;

insert into public.post_comments (id, post_id, user_id, content, created_at, updated_at)
select
  md5('comment ' || c)::uuid,
  md5('post ' || (1 + c / 2))::uuid,
  person.id,
  (array['Thanks for the tip!', 'Were there midges?', 'See you there.', 'Same here last month.'])[1 + c % 4],
  written.at,
  written.at
from generate_series(0, 3999) as c
cross join lateral (
  select timestamptz '2025-08-15 02:00:00+00' + (1 + c / 2) * interval '3 hours 25 minutes'
    + c % 2 * interval '15 minutes' as at
) as written
join demo_user as person on person.n = pg_temp.somebody('comment ' || c)
where pg_temp.dice('comments ' || c, 4) > 0
order by c;

insert into public.user_friendships
  (id, requester_id, addressee_id, status, created_at, updated_at)
select
  md5('friendship ' || f)::uuid,
  requester.id,
  addressee.id,
  (array['accepted', 'accepted', 'pending', 'declined', 'accepted'])[1 + f % 5],
  timestamptz '2025-09-01 00:00:00+00' + f * interval '20 hours',
  timestamptz '2025-09-02 00:00:00+00' + f * interval '20 hours'
from generate_series(1, 300) as f
join demo_user as requester on requester.n = 1 + (f - 1) % 200
join demo_user as addressee on addressee.n = 1 + (requester.n + 6 + 13 * ((f - 1) / 200)) % 200
order by f;

insert into public.marketplace_listings (
  id, user_id, title, description, location, price, category, condition, status, photos,
  created_at, updated_at
)
select
  md5('listing ' || l)::uuid,
  person.id,
  (array['Solar panel 200 W', 'Folding table', 'Shock absorbers', 'Swag', 'Socket set', 'Awning'])[1 + l % 6],
  'Used for one trip, pick up near ' || place.name || '.',
  place.name,
  20 + pg_temp.dice('listing ' || l, 60) * 10,
  (array['Electronics', 'Furniture', 'Parts', 'Camping', 'Tools', 'Other'])[1 + l % 6],
  (array['Excellent', 'Good', 'Fair', 'Poor'])[1 + pg_temp.dice('condition ' || l, 4)],
  (array['active', 'active', 'approved', 'sold', 'pending', 'expired'])[1 + pg_temp.dice('listed ' || l, 6)],
  array['https://images.example.com/listing/' || l || '.webp'],
  timestamptz '2025-10-01 00:00:00+00' + l * interval '38 hours',
  timestamptz '2025-10-01 00:00:00+00' + l * interval '38 hours'
from generate_series(1, 150) as l
join demo_user as person on person.n = pg_temp.somebody('listing ' || l)
join demo_place as place on place.number = pg_temp.dice('listing place ' || l, 24)
order by l;

-- Calendar, support, health, audit.

insert into public.calendar_events (
  id, user_id, title, start_date, end_date, all_day, event_type, location_name,
  reminder_minutes, created_at, updated_at
)
select
  md5('event ' || e)::uuid,
  person.id,
  (array['Leave for ', 'Site booked at ', 'Service in ', 'Inspection in ', 'Call the park in '])[1 + e % 5]
    || place.name,
  event.at,
  event.at + (1 + e % 4) * interval '1 hour',
  e % 9 = 0,
  (array['trip', 'booking', 'maintenance', 'inspection', 'reminder'])[1 + e % 5],
  place.name,
  case when e % 5 = 2 then '{15,1440}'::integer[] else '{15}' end,
  event.at - interval '9 days',
  event.at - interval '9 days'
from generate_series(1, 1200) as e
cross join lateral (select timestamptz '2025-07-01 00:00:00+00' + e * interval '8 hours' as at) as event
join demo_user as person on person.n = pg_temp.somebody('event ' || e)
join demo_place as place on place.number = pg_temp.dice('event place ' || e, 24)
order by e;

insert into public.support_tickets
  (id, user_id, subject, message, status, category, current_page, created_at)
select
  md5('ticket ' || s)::uuid,
  person.id,
  (array['The map stays grey', 'A receipt is missing', 'Change my plan', 'Wrong currency'])[1 + s % 4],
  'It has been like this since yesterday. I tried it on two devices.',
  (array['closed', 'resolved', 'in_progress', 'open'])[1 + least(3, s / 22)],
  (array['bug', 'data', 'billing', 'settings'])[1 + s % 4],
  (array['/wheels', '/wins', '/settings', '/wins'])[1 + s % 4],
  timestamptz '2025-09-01 00:00:00+00' + (80 - s) * interval '80 hours'
from generate_series(1, 80) as s
join demo_user as person on person.n = pg_temp.somebody('ticket ' || s)
order by s;

insert into public.health_check (id, service_name, status, checked_at, details, created_at)
select
  md5('health ' || h)::uuid,
  'pam_backend',
  case when h = 137 then 'degraded' else 'healthy' end,
  timestamptz '2026-05-31 00:00:00+00' + h * interval '5 minutes',
  jsonb_build_object('latency_ms', 12 + pg_temp.dice('latency ' || h, 60)),
  timestamptz '2026-05-31 00:00:00+00' + h * interval '5 minutes'
from generate_series(0, 287) as h
order by h;

insert into public.audit_logs (
  id, user_id, action, resource_type, resource_id, old_values, new_values, ip_address,
  user_agent, "timestamp"
)
select
  md5('audit ' || a)::uuid,
  person.id,
  (array['profile.update', 'trip.share', 'plan.change', 'post.approve'])[1 + a % 4],
  (array['profiles', 'user_trips', 'user_subscriptions', 'social_posts'])[1 + a % 4],
  person.id::text,
  jsonb_build_object('revision', a - 1),
  jsonb_build_object('revision', a),
  ('203.0.113.' || a % 250)::inet,
  'WheelsAndWins/2.4',
  timestamptz '2025-06-01 00:00:00+00' + a * interval '21 hours'
from generate_series(1, 400) as a
join demo_user as person on person.n = pg_temp.somebody('audit ' || a)
order by a;

drop table demo_member;
drop table demo_conversation;
drop table demo_leg;
drop table demo_trip;
drop table demo_click;
drop table demo_rating;
drop table demo_category;
drop table demo_place;
drop table demo_user;
drop function pg_temp.somebody(text);
drop function pg_temp.dice(text, integer);
reset jit;
