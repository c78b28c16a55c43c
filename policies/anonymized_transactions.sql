-- Each user's imported bank transactions.   (owner only)
--
-- The number of a row comes from the sequence: who could choose it would make the next inserts of all others fail.
alter table public.anonymized_transactions enable row level security;

create policy "anonymized_transactions: own rows" on public.anonymized_transactions
  for all to authenticated
  using ((select auth.uid()) = user_id)
  with check ((select auth.uid()) = user_id);

grant select, delete on public.anonymized_transactions to authenticated;
grant insert (
  user_id, amount, category, transaction_type, date, hash, is_recurring, merchant_category, location,
  metadata, created_at
) on public.anonymized_transactions to authenticated;
grant update (
  user_id, amount, category, transaction_type, date, hash, is_recurring, merchant_category, location,
  metadata, created_at
) on public.anonymized_transactions to authenticated;
grant select, insert, update, delete on public.anonymized_transactions to service_role;
grant usage on sequence public.anonymized_transactions_id_seq to authenticated, service_role;
