-- Enumerated types and the trigger function that later files share.
--
-- No extension is needed: gen_random_uuid() is part of PostgreSQL since 13.
-- Everything else that has a fixed set of values is text with a check, because
-- a check can be changed in a transaction and an enum label cannot be removed.

create type public.affiliate_provider as enum ('amazon', 'ebay', 'custom');

create type public.product_category as enum (
  'recovery_gear',
  'camping_expedition',
  'tools_maintenance',
  'parts_upgrades',
  'books_manuals',
  'apparel_merchandise',
  'electronics',
  'outdoor_gear'
);

-- For medical_records, which is not one of the core tables; the type is here so
-- that adding the table later needs no second place for enums.
create type public.medical_record_type as enum (
  'document',
  'lab_result',
  'prescription',
  'insurance_card',
  'doctor_note',
  'vaccination',
  'imaging',
  'other'
);

create function public.update_updated_at_column()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.updated_at = now();
  return new;
end;
$$;

comment on function public.update_updated_at_column() is
  'Sets updated_at before every update; attached to each table that has the column.';

-- migrate:down

drop function public.update_updated_at_column();
drop type public.medical_record_type;
drop type public.product_category;
drop type public.affiliate_provider;
