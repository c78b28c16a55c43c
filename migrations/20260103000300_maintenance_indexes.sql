-- Indexes for what the maintenance jobs look for in older tables.

create index user_subscriptions_trial_ends_at_idx
  on public.user_subscriptions (trial_ends_at) where subscription_status = 'trial';
create index pam_conversation_memory_created_at_idx
  on public.pam_conversation_memory (created_at);

-- migrate:down

drop index public.pam_conversation_memory_created_at_idx;
drop index public.user_subscriptions_trial_ends_at_idx;
