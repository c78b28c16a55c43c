-- Question, answer and tools of each run of the agent.   (own rows read and added; administrators read all)
--
-- Append only, and the time of a row is the server's: retention goes by it.
alter table public.agent_logs enable row level security;

create policy "agent_logs: read own" on public.agent_logs
  for select to authenticated
  using ((select auth.uid()) = user_id or (select public.is_admin()));

create policy "agent_logs: add own" on public.agent_logs
  for insert to authenticated
  with check ((select auth.uid()) = user_id);

grant select on public.agent_logs to authenticated;
grant insert (
  id, user_id, session_id, message, response, intent, confidence_score, response_time_ms, response_time, input_type,
  tools_used, error_message, metadata
) on public.agent_logs to authenticated;
grant select, insert, update, delete on public.agent_logs to service_role;
