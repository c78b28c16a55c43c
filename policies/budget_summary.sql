-- Each budget with what was spent.   (a security_invoker view: shows what the policies of budgets and expenses show)
grant select on public.budget_summary to authenticated;
grant select on public.budget_summary to service_role;
