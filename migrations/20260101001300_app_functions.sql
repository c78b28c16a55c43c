-- Functions that the app calls over the API. Those that work on the caller's own
-- rows run with the caller's rights, so that policies decide; the others write
-- where no user may write, and are SECURITY DEFINER.

-- Without a session the newest open conversation goes on. The lock keeps two
-- first messages that arrive together from starting two conversations.
create function public.get_or_create_pam_conversation(
  p_user_id uuid,
  p_session_id text default null,
  p_context jsonb default '{}'
)
returns uuid
language plpgsql
set search_path = ''
as $$
declare
  conversation uuid;
begin
  perform pg_advisory_xact_lock(hashtextextended('pam_conversations ' || p_user_id::text, 0));

  select id into conversation
  from public.pam_conversations
  where user_id = p_user_id
    and is_active is not false
    and (p_session_id is null or session_id = p_session_id)
  order by updated_at desc
  limit 1;

  if conversation is null then
    insert into public.pam_conversations (user_id, session_id, title, context, last_activity)
    values (
      p_user_id,
      coalesce(p_session_id, gen_random_uuid()::text),
      'PAM Conversation',
      coalesce(p_context, '{}'),
      now()
    )
    returning id into conversation;
  end if;
  return conversation;
end;
$$;
comment on function public.get_or_create_pam_conversation(uuid, text, jsonb) is
  'The id of a user''s conversation for a session, started if need be.';

create function public.store_pam_message(
  p_conversation_id uuid,
  p_role text,
  p_content text,
  p_intent text default null,
  p_confidence numeric default null,
  p_entities jsonb default '{}',
  p_metadata jsonb default '{}'
)
returns uuid
language plpgsql
set search_path = ''
as $$
declare
  message uuid;
begin
  insert into public.pam_messages
    (conversation_id, role, content, intent, confidence, entities, metadata)
  values
    (p_conversation_id, p_role, p_content, p_intent, p_confidence, p_entities, p_metadata)
  returning id into message;

  update public.pam_conversations
  set message_count = coalesce(message_count, 0) + 1, last_activity = now()
  where id = p_conversation_id;
  return message;
end;
$$;
comment on function public.store_pam_message(uuid, text, text, text, numeric, jsonb, jsonb) is
  'Adds a message to a conversation and returns its id.';

create function public.get_conversation_history(p_user_id uuid, p_limit integer default 10)
returns table (role text, content text, intent text, created_at timestamptz)
language sql
stable
set search_path = ''
as $$
  select message.role, message.content, message.intent, message.created_at
  from public.pam_messages as message
  join public.pam_conversations as conversation on conversation.id = message.conversation_id
  where conversation.user_id = p_user_id
  order by message.created_at desc
  limit p_limit;
$$;
comment on function public.get_conversation_history(uuid, integer) is
  'The last messages of a user over all conversations, newest first.';

create function public.increment_template_usage(template_id uuid)
returns void
language sql
security definer
set search_path = ''
as $$
  update public.trip_templates
  set usage_count = usage_count + 1
  where id = increment_template_usage.template_id
    and (is_public or user_id = auth.uid());
$$;
comment on function public.increment_template_usage(uuid) is
  'Counts one use of a template that the caller may see.';

create function public.increment_product_clicks(product_uuid uuid)
returns void
language sql
security definer
set search_path = ''
as $$
  update public.affiliate_products
  set click_count = coalesce(click_count, 0) + 1
  where id = product_uuid and is_active;
$$;
comment on function public.increment_product_clicks(uuid) is
  'Counts one click on a product that is on sale.';

-- A signed-in caller can only write about themselves; p_user_id is for the
-- backend, which has no user of its own.
create function public.create_audit_log(
  p_action text,
  p_resource_type text default null,
  p_resource_id text default null,
  p_old_values jsonb default null,
  p_new_values jsonb default null,
  p_user_id uuid default null
)
returns uuid
language sql
security definer
set search_path = ''
as $$
  insert into public.audit_logs
    (user_id, action, resource_type, resource_id, old_values, new_values)
  values (
    coalesce(auth.uid(), p_user_id),
    p_action,
    p_resource_type,
    p_resource_id,
    p_old_values,
    p_new_values
  )
  returning id;
$$;
comment on function public.create_audit_log(text, text, text, jsonb, jsonb, uuid) is
  'Adds a line to the audit trail: the only way in for users.';

revoke execute on function
  public.get_or_create_pam_conversation(uuid, text, jsonb),
  public.store_pam_message(uuid, text, text, text, numeric, jsonb, jsonb),
  public.get_conversation_history(uuid, integer),
  public.increment_template_usage(uuid),
  public.increment_product_clicks(uuid),
  public.create_audit_log(text, text, text, jsonb, jsonb, uuid)
  from public, anon;
grant execute on function
  public.get_or_create_pam_conversation(uuid, text, jsonb),
  public.store_pam_message(uuid, text, text, text, numeric, jsonb, jsonb),
  public.get_conversation_history(uuid, integer),
  public.increment_template_usage(uuid),
  public.increment_product_clicks(uuid),
  public.create_audit_log(text, text, text, jsonb, jsonb, uuid)
  to authenticated, service_role;

-- migrate:down

drop function public.create_audit_log(text, text, text, jsonb, jsonb, uuid);
drop function public.increment_product_clicks(uuid);
drop function public.increment_template_usage(uuid);
drop function public.get_conversation_history(uuid, integer);
drop function public.store_pam_message(uuid, text, text, text, numeric, jsonb, jsonb);
drop function public.get_or_create_pam_conversation(uuid, text, jsonb);
