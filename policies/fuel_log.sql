-- Each user's fill-ups.   (owner only, and only of a vehicle of one's own)
--
-- The number of a row comes from the sequence: who could choose it would make the next inserts of all others fail.
alter table public.fuel_log enable row level security;

create policy "fuel_log: own rows" on public.fuel_log
  for all to authenticated
  using ((select auth.uid()) = user_id)
  with check (
    (select auth.uid()) = user_id
    and (
      vehicle_id is null
      or exists (
        select from public.vehicles as vehicle
        where vehicle.id = fuel_log.vehicle_id and vehicle.user_id = (select auth.uid())
      )
    )
  );

grant select, delete on public.fuel_log to authenticated;
grant insert (
  user_id, vehicle_id, date, odometer, volume, price, total, consumption, location, notes, region, filled_to_top,
  receipt_url, receipt_photo_url, receipt_metadata, created_at
) on public.fuel_log to authenticated;
grant update (
  user_id, vehicle_id, date, odometer, volume, price, total, consumption, location, notes, region, filled_to_top,
  receipt_url, receipt_photo_url, receipt_metadata, created_at
) on public.fuel_log to authenticated;
grant select, insert, update, delete on public.fuel_log to service_role;
grant usage on sequence public.fuel_log_id_seq to authenticated, service_role;
