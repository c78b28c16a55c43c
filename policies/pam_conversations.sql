-- Each user's conversations with PAM.   (owner only)
alter table public.pam_conversations enable row level security;

create policy "pam_conversations: own rows" on public.pam_conversations
  for all to authenticated
  using ((select auth.uid()) = user_id)
  with check ((select auth.uid()) = user_id);

grant select, insert, update, delete on public.pam_conversations to authenticated;
grant select, insert, update, delete on public.pam_conversations to service_role;
