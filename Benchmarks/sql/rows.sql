-- The rows of one table; :mb is the size of the whole database in megabytes of tables, :part the table.
--
-- Every value is a function of the row's number, so two databases of one size hold the same rows in the same places, and
-- one row's values tell nothing about the next one's beyond what they do in life: people repeat, time goes on, a position
-- is near the one before it.

\set people :mb * 25
\set trips :mb * 50

select :'part' = 'profiles' as profiles, :'part' = 'trips' as trips_part, :'part' = 'expenses' as expenses,
  :'part' = 'messages' as messages, :'part' = 'locations' as locations, :'part' = 'events' as events,
  :'part' = 'audit_log' as audit_log, :'part' = 'posts' as posts \gset

begin;
set local max_parallel_workers_per_gather = 0;
set local work_mem = '256MB';
set local timezone = 'UTC';
set local jit = off;

\if :profiles
create table public.profiles (
  id uuid not null, email text not null, full_name text, home_region text, preferences jsonb not null,
  rig text, created_at timestamptz not null, last_active timestamptz);
insert into public.profiles
select bench.id(p, 1),
  lower(first || '.' || last) || bench.draw(p, 12, 990) || '@' || (array['gmail.com', 'yahoo.com', 'outlook.com', 'icloud.com', 'proton.me'])[1 + bench.draw(p, 13, 5)],
  first || ' ' || last,
  (array['Arizona', 'Utah', 'Oregon', 'Queensland', 'British Columbia', 'Texas', 'Montana', 'Bavaria', null])[1 + bench.draw(p, 14, 9)],
  jsonb_build_object(
    'theme', (array['system', 'light', 'dark'])[1 + bench.draw(p, 15, 3)], 'units', (array['imperial', 'metric'])[1 + bench.draw(p, 16, 2)],
    'notifications', jsonb_build_object('email', bench.draw(p, 17, 3) > 0, 'push', bench.draw(p, 18, 2) = 0, 'marketing', bench.draw(p, 19, 9) = 0),
    'max_driving_hours', 2 + bench.draw(p, 20, 9), 'budget', bench.draw(p, 21, 80) * 50,
    'pam', jsonb_build_object('voice', bench.draw(p, 22, 2) = 0, 'style', (array['brief', 'balanced', 'detailed'])[1 + bench.draw(p, 23, 3)])),
  (array['Airstream', 'Winnebago', 'Jayco', 'Ford Transit', 'Sprinter', 'Casita', null])[1 + bench.draw(p, 24, 7)] || ' ' || 1995 + bench.draw(p, 25, 30),
  bench.moment(p, 26, interval '40 minutes'), bench.moment(p, 28, interval '41 minutes') + bench.draw(p, 29, 400) * interval '31 hours'
from generate_series(0::bigint, :people - 1) p,
  lateral (select
    (array['Ann','Ben','Carla','Dan','Eva','Finn','Grace','Hugo','Ines','Jack','Kim','Liam','Maya','Noah','Olga','Paul','Rosa','Sam','Tina','Zoe'])[1 + bench.draw(p, 10, 20)] as first,
    initcap(substr(translate(md5(p || 'name'), '0123456789', 'aeiouylnrs'), 1, 4 + bench.draw(p, 11, 5)::int)) as last) name;
\endif

\if :trips_part
create table public.trips (
  id uuid not null, owner uuid not null, title text not null, description text, status public.trip_status not null,
  starts date not null, ends date, budget numeric(10, 2), route jsonb not null, created_at timestamptz not null);
insert into public.trips
select bench.id(x.n, 2), bench.id(who, 1), initcap(split_part(x.t, '.', 1)), x.t,
  (array['planning', 'active', 'completed', 'completed', 'completed', 'cancelled'])[1 + bench.draw(x.n, 33, 6)]::public.trip_status,
  starts, starts + bench.draw(x.n, 34, 30)::int, 100 + bench.draw(x.n, 35, 78) * 50,
  jsonb_build_object('waypoints', (
      select jsonb_agg(jsonb_build_object('name', s.name, 'lat', round((31 + bench.draw(x.n, 36, 1600000) / 1e5 + k * 0.21)::numeric, 5),
        'lng', round((-122 + bench.draw(x.n, 37, 4000000) / 1e5 + bench.draw(x.n * 16 + k, 38, 90000) / 1e5)::numeric, 5),
        'nights', bench.draw(x.n * 16 + k, 39, 4)) order by k)
      from generate_series(1, 2 + bench.draw(x.n, 40, 6)) k, bench.sites s
      where s.site = bench.draw(x.n * 16 + k, 41, 1600)),
    'source', (array['mapbox', 'manual', 'pam'])[1 + bench.draw(x.n, 42, 3)], 'distance_km', round((bench.draw(x.n, 43, 320000) / 100.0)::numeric, 1)),
  bench.moment(x.n, 44, interval '20 minutes')
from bench.texts(0, :trips - 1, 45, 2, 18) x, lateral (select date '2024-01-10' + (x.n / 70)::int + bench.draw(x.n, 46, 60)::int as starts, bench.person(x.n, 30, :people) as who offset 0) d;
\endif

\if :expenses
create table public.expenses (
  id bigint not null, person uuid not null, trip uuid, category public.expense_category not null, amount numeric(10, 2) not null,
  currency public.currency not null, vendor text, note text, spent_on date not null, tax numeric(10, 4), created_at timestamptz not null);
insert into public.expenses
select x.n + 1, bench.id(who, 1), case when bench.draw(x.n, 51, 10) < 7 then bench.id(journey, 2) end,
  (enum_range(null::public.expense_category))[1 + kind],
  amount, (array['USD', 'USD', 'USD', 'USD', 'CAD', 'AUD', 'EUR'])[1 + bench.draw(who, 53, 7)],
  (array['Shell', 'Chevron', 'Flying J', 'Love''s Travel Stop', 'Walmart Supercenter', 'Costco', 'KOA Holiday', 'Safeway', 'Kroger',
    'Home Depot', 'AutoZone', 'Discount Tire', 'Geico', 'Camping World', 'Harvest Hosts', 'Recreation.gov', 'Cafe ', 'Diner ', 'RV Park ', 'Marina '])
    [1 + vendor] || case when vendor >= 16 then (select s.name from bench.sites s where s.site = bench.draw(x.n, 55, 1600)) else '' end,
  case when bench.draw(x.n, 56, 2) = 0 then x.t end, (moment - bench.draw(x.n, 57, 5) * interval '1 day')::date,
  case when bench.draw(x.n, 58, 2) = 0 then round(amount * (array[0.0725, 0.0825, 0.06, 0.1])[1 + bench.draw(who, 59, 4)], 4) end, moment
from bench.texts(0, :mb * 1100 - 1, 60, 1, 5) x,
  lateral (select x.n / 20 * 4 + bench.draw(x.n, 60, 4) as sitting offset 0) g,
  -- Several expenses are written down in one sitting.
  lateral (select bench.person(sitting, 61, :people) as who, bench.draw(x.n, 64, 10) as kind, bench.moment(x.n, 65, interval '1 minute') as moment,
    (bench.draw(x.n, 67, 20) * bench.draw(x.n, 68, 20)) / 20 as vendor offset 0) d,
  lateral (select (who * 2 + bench.draw(x.n, 52, 2)) % (:trips) as journey offset 0) j,
  lateral (select (((100 + bench.draw(x.n, 69, 900) * bench.draw(x.n, 70, (array[12, 6, 18, 9, 60, 40, 8, 10, 2, 14])[1 + d.kind]))
    / case when bench.draw(x.n, 71, 3) = 0 then 100 * 100 else 1 end)
    * case when bench.draw(x.n, 71, 3) = 0 then 100 else 1 end / 100.0)::numeric(10, 2) as amount offset 0) a;
\endif

\if :messages
create table public.messages (
  id uuid not null, conversation uuid not null, person uuid not null, role public.chat_role not null, content text not null,
  tokens int, context jsonb, created_at timestamptz not null);
insert into public.messages
select bench.id(x.n, 3), bench.id(talk, 4), bench.id(who, 1),
  (case when x.n % 2 = 0 then 'user' else 'assistant' end)::public.chat_role, said, length(said) / 4 + bench.draw(x.n, 83, 9)::int,
  case when bench.draw(x.n, 84, 6) = 0 then jsonb_build_object('intent', (array['plan_trip', 'log_expense', 'find_camp', 'weather', 'small_talk', 'budget'])[1 + bench.draw(x.n, 85, 6)],
    'confidence', round((0.4 + bench.draw(x.n, 86, 6000) / 1e4)::numeric, 3), 'latency_ms', 180 + bench.draw(x.n, 87, 2600)) end,
  bench.moment(x.n, 88, interval '1 minute')
from bench.texts(0, :mb * 920 - 1, 90, 2, 26) x,
  lateral (select x.n / 96 * 12 + bench.draw(x.n, 91, 12) as talk offset 0) c,
  lateral (select bench.person(talk, 80, :people) as who offset 0) p, lateral (
  -- A person writes a few words; the assistant answers, often with a list.
  select
    case when x.n % 2 = 1 and bench.draw(x.n, 92, 5) < 3 then
      (array['Sure! Here are some options ', 'Great question! I found these places ', 'Based on your budget, I suggest the following stops ',
        'Here is what I found ', 'I''ve put together a plan for you ', 'Let me break down your spending '])[1 + bench.draw(x.n, 93, 6)]
      || (array['for your trip', 'near you', 'along the route', 'for this week', 'within 50 miles'])[1 + bench.draw(x.n, 94, 5)] || E':\n\n'
      || (select string_agg(format(
          (array['%s. **%s** - $%s per night, %s, %s miles away', '%s. **%s** ($%s): %s, about %s miles from your route',
            E'%s. **%s**\n   - Price: $%s\n   - Amenities: %s\n   - Distance: %s miles'])[1 + bench.draw(x.n, 95, 3)],
          k, s.name, bench.draw(x.n * 16 + k, 96, 30) * 5 + 9,
          (array['full hookups', 'electric only', 'no hookups', 'showers and laundry', 'pet friendly', 'dump station', 'free Wi-Fi'])[1 + bench.draw(x.n * 16 + k, 97, 7)],
          2 + bench.draw(x.n * 16 + k, 98, 90)), E'\n' order by k)
        from generate_series(1, 2 + bench.draw(x.n, 99, 4)) k, bench.sites s where s.site = bench.draw(x.n * 16 + k, 89, 1600))
      || (array[E'\n\nWould you like me to add one of these to your trip?', E'\n\nDo you want me to save this to your budget?',
        E'\n\nLet me know which one you prefer!', ''])[1 + bench.draw(x.n, 82, 4)]
      || case when bench.draw(x.n, 79, 3) = 0 then E'\n\n' || x.t else '' end
    else x.t end as said offset 0) d;
\endif

\if :locations
create table public.locations (
  id bigint not null, trip uuid not null, latitude double precision not null, longitude double precision not null,
  altitude real, speed real, heading smallint, accuracy real, recorded_at timestamptz not null);
-- A drive is 400 positions, ten seconds apart, along a road that turns slowly.
insert into public.locations
select n + 1, trip,
  round((31 + bench.draw(drive, 100, 16000000) / 1e6 + sum(0.0012 * cos(turn)) over w)::numeric, 7)::float8,
  round((-122 + bench.draw(drive, 101, 40000000) / 1e6 + sum(0.0015 * sin(turn)) over w)::numeric, 7)::float8,
  round((bench.draw(drive, 102, 1800) + sum(bench.draw(n, 103, 41) - 20) over w / 10.0)::numeric, 1)::real,
  round((22 + bench.draw(n, 104, 90) / 10.0)::numeric, 1)::real, mod((degrees(turn))::int, 360)::smallint,
  (array[3.9, 4.2, 4.7, 5, 6.4, 9.6, 16])[1 + bench.draw(n, 105, 7)]::real,
  timestamptz '2024-01-01 06:00:00+00' + drive * interval '67 minutes' + n % 400 * interval '10 seconds' + bench.draw(n, 106, 1000) * interval '1 millisecond'
from (
  select n, n / 400 as drive, bench.id(n / 400 % (:trips), 2) as trip, bench.draw(n / 400, 107, 628) / 100.0 + sin((n % 400) / 37.0 + n / 400) * 0.8 + bench.draw(n, 108, 200) / 1000.0 as turn
  from generate_series(0::bigint, :mb * 2050 - 1) n
) p
window w as (partition by drive order by n);
\endif

\if :events
create table public.events (
  id bigint not null, person uuid, session uuid not null, kind text not null, payload jsonb not null, created_at timestamptz not null);
insert into public.events
select n + 1, case when bench.draw(visit, 111, 12) > 0 then bench.id(who, 1) end, bench.id(visit, 5), kind,
  jsonb_build_object('platform', (array['ios', 'android', 'web', 'web'])[1 + bench.draw(visit, 115, 4)], 'version', '2.' || bench.draw(visit, 116, 14) || '.' || bench.draw(visit, 117, 5))
  || case kind
    when 'screen_view' then jsonb_build_object('screen', screen, 'previous', (array['/home', '/trips', '/pam', '/wins/budget'])[1 + bench.draw(n, 118, 4)], 'duration_ms', 300 + bench.draw(n, 119, 90000))
    when 'tap' then jsonb_build_object('screen', screen, 'target', (array['save', 'cancel', 'share', 'add_expense', 'open_map', 'mic', 'like'])[1 + bench.draw(n, 120, 7)], 'x', bench.draw(n, 121, 1170), 'y', bench.draw(n, 122, 2532))
    when 'search' then jsonb_build_object('query', (select ltrim(w.unit) from bench.places w where w.place = bench.draw(n, 123, 14000)) || ' ' || (array['campground', 'diesel', 'dump station', 'tires', 'free camping'])[1 + bench.draw(n, 124, 5)], 'results', bench.draw(n, 125, 60), 'took_ms', 20 + bench.draw(n, 126, 900))
    when 'api_call' then jsonb_build_object('path', '/api/v1' || screen, 'method', (array['GET', 'GET', 'GET', 'POST', 'PATCH'])[1 + bench.draw(n, 127, 5)], 'status', (array[200, 200, 200, 200, 201, 304, 401, 404, 422, 500])[1 + bench.draw(n, 128, 10)], 'ms', 4 + bench.draw(n, 129, 700), 'request_id', bench.id(n, 6))
    else jsonb_build_object('message', (array['TypeError: undefined is not an object', 'Network request failed', 'JWT expired', 'Location permission denied'])[1 + bench.draw(n, 130, 4)], 'screen', screen, 'line', bench.draw(n, 131, 900))
    end,
  bench.moment(n, 132, interval '2 minutes')
from generate_series(0::bigint, :mb * 800 - 1) n,
  lateral (select n / 60 * 5 + bench.draw(n, 134, 5) as visit offset 0) v,
  lateral (select bench.person(visit, 112, :people) as who,
    (array['screen_view', 'screen_view', 'screen_view', 'tap', 'tap', 'tap', 'api_call', 'api_call', 'search', 'error'])[1 + bench.draw(n, 135, 10)] as kind,
    (array['/home', '/trips', '/trips/plan', '/trips/map', '/wins', '/wins/budget', '/wins/expenses', '/pam', '/social/feed', '/shop', '/settings', '/you'])[1 + bench.draw(n, 136, 12)] as screen offset 0) d;
\endif

\if :audit_log
create table public.audit_log (
  id uuid not null, actor uuid, action text not null, resource text not null, resource_id text, old_values jsonb, new_values jsonb,
  address inet, agent text, at timestamptz not null);
insert into public.audit_log
select bench.id(n, 7), bench.id(who, 1), (array['insert', 'update', 'update', 'update', 'delete', 'login'])[1 + act], resource,
  case when act < 5 then bench.draw(n, 141, 4000000)::text end,
  case when act between 1 and 4 then document end,
  case when act < 4 then document || jsonb_build_object('amount', bench.draw(n, 142, 90000) / 100.0, 'updated_at', at) end,
  ('10.' || bench.draw(who, 143, 256) || '.' || bench.draw(who, 144, 256) || '.' || bench.draw(n / 9, 145, 256))::inet,
  'Mozilla/5.0 (' || (array['iPhone; CPU iPhone OS 17_4 like Mac OS X', 'Linux; Android 14; Pixel 8', 'Macintosh; Intel Mac OS X 10_15_7', 'Windows NT 10.0; Win64; x64'])[1 + bench.draw(who, 146, 4)]
    || ') AppleWebKit/537.36 (KHTML, like Gecko) Chrome/' || 118 + bench.draw(who, 147, 12) || '.0.0.0 Safari/537.36',
  at
from generate_series(0::bigint, :mb * 170 - 1) n,
  lateral (select bench.person(n, 148, :people) as who, bench.draw(n, 151, 6) as act, bench.moment(n, 152, interval '7 minutes') as at,
    (array['expenses', 'trips', 'profiles', 'posts', 'budgets'])[1 + bench.draw(n, 154, 5)] as resource offset 0) d,
  lateral (select jsonb_build_object('id', bench.draw(n, 155, 4000000), 'user_id', bench.id(who, 1), 'amount', bench.draw(n, 156, 90000) / 100.0,
    'category', (enum_range(null::public.expense_category))[1 + bench.draw(n, 157, 10)], 'status', (array['draft', 'final', 'review'])[1 + bench.draw(n, 158, 3)],
    'note', (select string_agg(ltrim(w.unit), ' ' order by k) from generate_series(1, 4) k, bench.places w where w.place = bench.draw(n * 8 + k, 159, 14000))) as document offset 0) o;
\endif

\if :posts
create table public.posts (
  id bigint not null, author uuid not null, reply_to bigint, body text not null, tags text[] not null, likes int not null,
  is_hidden boolean not null, created_at timestamptz not null);
insert into public.posts
select x.n + 1, bench.id(who, 1), case when bench.draw(x.n, 163, 3) > 0 and x.n > 0 then x.n - bench.draw(x.n, 164, least(x.n, 50)) end,
  x.t, string_to_array((array['rv', 'rv,tips', 'camping', 'food,budget', '', 'question'])[1 + bench.draw(x.n, 165, 6)], ','),
  (bench.draw(x.n, 166, 12) * bench.draw(x.n, 167, 12) / 6)::int, bench.draw(x.n, 168, 50) = 0, bench.moment(x.n, 169, interval '11 minutes')
from bench.texts(0, :mb * 110 - 1, 170, 2, 22) x, lateral (select bench.person(x.n, 160, :people) as who offset 0) d;
\endif
commit;
