-- What each user pays for.   (own row, read only; the payment provider's webhook writes as service_role)
alter table public.user_subscriptions enable row level security;

create policy "user_subscriptions: read own" on public.user_subscriptions
  for select to authenticated
  using ((select auth.uid()) = user_id);

grant select on public.user_subscriptions to authenticated;
grant select, insert, update, delete on public.user_subscriptions to service_role;
