-- The messages of each user's conversations.   (through the conversation: its owner reads and adds)
--
-- What the system tells PAM comes from the backend alone. Nothing is changed afterwards; it goes with the conversation.
alter table public.pam_messages enable row level security;

create policy "pam_messages: read own conversations" on public.pam_messages
  for select to authenticated
  using (
    exists (
      select from public.pam_conversations as conversation
      where conversation.id = pam_messages.conversation_id and conversation.user_id = (select auth.uid())
    )
  );

create policy "pam_messages: add to own conversations" on public.pam_messages
  for insert to authenticated
  with check (
    role in ('user', 'assistant')
    and exists (
      select from public.pam_conversations as conversation
      where conversation.id = pam_messages.conversation_id and conversation.user_id = (select auth.uid())
    )
  );

grant select, insert on public.pam_messages to authenticated;
grant select, insert, update, delete on public.pam_messages to service_role;
