-- What PAM knows about each user right now.   (owner only)
alter table public.pam_user_context enable row level security;

create policy "pam_user_context: own rows" on public.pam_user_context
  for all to authenticated
  using ((select auth.uid()) = user_id)
  with check ((select auth.uid()) = user_id);

grant select, insert, update, delete on public.pam_user_context to authenticated;
grant select, insert, update, delete on public.pam_user_context to service_role;
