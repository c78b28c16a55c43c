-- What PAM understood of each turn of a chat.   (owner only)
alter table public.pam_conversation_memory enable row level security;

create policy "pam_conversation_memory: own rows" on public.pam_conversation_memory
  for all to authenticated
  using ((select auth.uid()) = user_id)
  with check ((select auth.uid()) = user_id);

grant select, insert, update, delete on public.pam_conversation_memory to authenticated;
grant select, insert, update, delete on public.pam_conversation_memory to service_role;
