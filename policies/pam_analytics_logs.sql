-- What PAM did and how fast.   (own rows read and added; administrators read all)
--
-- Append only, and the time of a row is the server's: retention goes by it.
alter table public.pam_analytics_logs enable row level security;

create policy "pam_analytics_logs: read own" on public.pam_analytics_logs
  for select to authenticated
  using ((select auth.uid()) = user_id or (select public.is_admin()));

create policy "pam_analytics_logs: add own" on public.pam_analytics_logs
  for insert to authenticated
  with check ((select auth.uid()) = user_id);

grant select on public.pam_analytics_logs to authenticated;
grant insert (
  user_id, session_id, event_type, intent, log_level, message, message_preview, error_type, error_message, trace_id,
  log_id, workflow_name, confidence_level, confidence, response_time_ms, api_calls_count, hour_of_day, day_of_week,
  success, has_error, is_weekend, validation_passed, voice_enabled, event_data, metadata, raw_context
) on public.pam_analytics_logs to authenticated;
grant select, insert, update, delete on public.pam_analytics_logs to service_role;
grant usage on sequence public.pam_analytics_logs_id_seq to authenticated, service_role;
