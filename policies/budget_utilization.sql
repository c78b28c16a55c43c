-- The budgets that run today.   (a security_invoker view: shows what the policies of budgets and expenses show)
grant select on public.budget_utilization to authenticated;
grant select on public.budget_utilization to service_role;
