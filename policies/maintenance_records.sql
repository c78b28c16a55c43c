-- Work done on each user's vehicles.   (owner only)
--
-- The number of a row comes from the sequence: who could choose it would make the next inserts of all others fail.
alter table public.maintenance_records enable row level security;

create policy "maintenance_records: own rows" on public.maintenance_records
  for all to authenticated
  using ((select auth.uid()) = user_id)
  with check ((select auth.uid()) = user_id);

grant select, delete on public.maintenance_records to authenticated;
grant insert (
  user_id, task, date, mileage, cost, status, next_due_date, next_due_mileage, notes, receipt_photo_url, created_at
) on public.maintenance_records to authenticated;
grant update (
  user_id, task, date, mileage, cost, status, next_due_date, next_due_mileage, notes, receipt_photo_url, created_at
) on public.maintenance_records to authenticated;
grant select, insert, update, delete on public.maintenance_records to service_role;
grant usage on sequence public.maintenance_records_id_seq to authenticated, service_role;
