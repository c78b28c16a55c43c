-- Money that PAM's recommendations saved each user.   (owner only)
--
-- The number of a row comes from the sequence: who could choose it would make the next inserts of all others fail.
alter table public.pam_savings_events enable row level security;

create policy "pam_savings_events: own rows" on public.pam_savings_events
  for all to authenticated
  using ((select auth.uid()) = user_id)
  with check ((select auth.uid()) = user_id);

grant select, delete on public.pam_savings_events to authenticated;
grant insert (
  user_id, event_type, amount, savings_type, predicted_savings, actual_savings, baseline_cost, optimized_cost,
  recommendation_id, savings_description, description, category, verification_method, confidence_score, location,
  saved_date, metadata, created_at, updated_at
) on public.pam_savings_events to authenticated;
grant update (
  user_id, event_type, amount, savings_type, predicted_savings, actual_savings, baseline_cost, optimized_cost,
  recommendation_id, savings_description, description, category, verification_method, confidence_score, location,
  saved_date, metadata, created_at, updated_at
) on public.pam_savings_events to authenticated;
grant select, insert, update, delete on public.pam_savings_events to service_role;
grant usage on sequence public.pam_savings_events_id_seq to authenticated, service_role;
