-- Questions to the people who run the app.   (own ones read and added; administrators read all and set their state)
alter table public.support_tickets enable row level security;

create policy "support_tickets: read own" on public.support_tickets
  for select to authenticated
  using ((select auth.uid()) = user_id or (select public.is_admin()));

create policy "support_tickets: add own" on public.support_tickets
  for insert to authenticated
  with check ((select auth.uid()) = user_id);

create policy "support_tickets: administrators answer" on public.support_tickets
  for update to authenticated
  using ((select public.is_admin()))
  with check ((select public.is_admin()));

grant select on public.support_tickets to authenticated;
grant insert (id, user_id, subject, message, category, current_page) on public.support_tickets to authenticated;
grant update (status, category) on public.support_tickets to authenticated;
grant select, insert, update, delete on public.support_tickets to service_role;
