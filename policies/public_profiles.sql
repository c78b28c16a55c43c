-- What members see of one another: the view holds the rule, so that signing in is enough.   (read by all who are
-- signed in)
grant select on public.public_profiles to authenticated;
grant select on public.public_profiles to service_role;
