-- Who may administer the app: the only source of administrator rights.   (own row; administrators all)
--
-- is_admin() reads this table as its owner, so no policy here asks the table about itself.
alter table public.admin_users enable row level security;

create policy "admin_users: read own row" on public.admin_users
  for select to authenticated
  using ((select auth.uid()) = user_id or (select public.is_admin()));

create policy "admin_users: administrators add" on public.admin_users
  for insert to authenticated
  with check ((select public.is_admin()));

create policy "admin_users: administrators change" on public.admin_users
  for update to authenticated
  using ((select public.is_admin()))
  with check ((select public.is_admin()));

create policy "admin_users: administrators remove" on public.admin_users
  for delete to authenticated
  using ((select public.is_admin()));

grant select, insert, update, delete on public.admin_users to authenticated;
grant select, insert, update, delete on public.admin_users to service_role;
