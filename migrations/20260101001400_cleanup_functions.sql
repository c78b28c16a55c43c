-- What the hourly job calls. Only the service role may: they delete rows of
-- every user.

create function public.cleanup_expired_sessions()
returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  removed integer;
begin
  delete from public.user_active_sessions where expires_at < now();
  get diagnostics removed = row_count;
  return removed;
end;
$$;
comment on function public.cleanup_expired_sessions() is
  'Removes sessions past expires_at and returns how many.';

create function public.cleanup_expired_pam_memory()
returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  removed integer;
begin
  delete from public.pam_conversation_memory where expires_at < now();
  get diagnostics removed = row_count;
  return removed;
end;
$$;
comment on function public.cleanup_expired_pam_memory() is
  'Removes turns of chats past expires_at and returns how many.';

revoke execute on function
  public.cleanup_expired_sessions(),
  public.cleanup_expired_pam_memory()
  from public, anon, authenticated;
grant execute on function
  public.cleanup_expired_sessions(),
  public.cleanup_expired_pam_memory()
  to service_role;

-- migrate:down

drop function public.cleanup_expired_pam_memory();
drop function public.cleanup_expired_sessions();
