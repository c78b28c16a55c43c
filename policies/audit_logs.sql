-- Who changed what.   (own rows and administrators, read only; written by public.create_audit_log() alone)
alter table public.audit_logs enable row level security;

create policy "audit_logs: read own" on public.audit_logs
  for select to authenticated
  using ((select auth.uid()) = user_id or (select public.is_admin()));

grant select on public.audit_logs to authenticated;
grant select, insert, update, delete on public.audit_logs to service_role;
