-- The tables of the benchmark database: people, their trips, money, chat, positions, what they clicked, who changed what.
-- Keys, indexes and foreign keys come after the rows (keys.sql).

create schema bench;

create type public.chat_role as enum ('user', 'assistant', 'system');
create type public.expense_category as enum (
  'fuel', 'food', 'lodging', 'campground', 'maintenance', 'insurance', 'attractions', 'supplies', 'tolls', 'other');
create type public.trip_status as enum ('planning', 'active', 'completed', 'cancelled');
create domain public.currency as char(3) check (value ~ '^[A-Z]{3}$');

-- Numbers from numbers: the same on every server and machine of one byte order. STABLE where the body is (time zones, text
-- of numbers): only then is a function put in line.
create function bench.draw(n bigint, salt int, below bigint) returns bigint
language sql immutable parallel safe as 'select (hashint8extended(n, salt) & 9223372036854775807) % below';

-- A version 4 UUID that a number stands for.
create function bench.id(n bigint, salt int) returns uuid
language sql stable parallel safe as
  $$ select overlay(overlay(md5(n || '/' || salt) placing '4' from 13) placing substr('89ab', 1 + (n & 3)::int, 1) from 17)::uuid $$;

-- One of the n people: a fifth of them do most of what is done.
create function bench.person(n bigint, salt int, people bigint) returns bigint
language sql stable parallel safe as
  'select bench.draw(n, salt, 1 + (bench.draw(n, salt + 1, people) * bench.draw(n, salt + 2, people)) / people)';

-- A moment, a second part in which is as random as a clock's.
create function bench.moment(n bigint, salt int, every interval) returns timestamptz
language sql stable parallel safe as
  $$ select timestamptz '2024-01-01 00:00:00+00' + n * every + bench.draw(n, salt, 1000000) * interval '1 microsecond'
     + bench.draw(n, salt + 1, 600) * interval '1 second' $$;
