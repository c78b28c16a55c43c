-- What PAM saved each user.   (a security_invoker view: shows what the policies of pam_savings_events show)
grant select on public.user_savings_summary to authenticated;
grant select on public.user_savings_summary to service_role;
