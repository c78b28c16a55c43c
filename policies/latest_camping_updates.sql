-- How full each camp site was.   (a security_invoker view: shows what the policies of camping_locations show)
grant select on public.latest_camping_updates to authenticated;
grant select on public.latest_camping_updates to service_role;
