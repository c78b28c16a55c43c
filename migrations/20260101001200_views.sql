-- Views for the money pages and for the map. All are security_invoker: a view
-- shows a caller what the policies of its tables show them, and no more.

create view public.budget_summary
with (security_invoker = true)
as
select
  budget.id as budget_id,
  budget.user_id,
  budget.name,
  budget.budgeted_amount as total_budget,
  spent.total as total_spent,
  budget.budgeted_amount - spent.total as total_remaining
from public.budgets as budget
cross join lateral (
  select coalesce(sum(expense.amount), 0) as total
  from public.expenses as expense
  where expense.user_id = budget.user_id
    and expense.category = budget.category
    and expense.date between budget.start_date and budget.end_date
) as spent;
comment on view public.budget_summary is
  'Each budget with what was spent in its own period.';

create view public.budget_utilization
with (security_invoker = true)
as
select
  budget.id,
  budget.user_id,
  budget.category,
  budget.budgeted_amount as budget_amount,
  spent.total as spent_amount,
  budget.budgeted_amount - spent.total as remaining_amount,
  round(100 * spent.total / nullif(budget.budgeted_amount, 0), 2) as utilization_percentage
from public.budgets as budget
cross join lateral (
  select coalesce(sum(expense.amount), 0) as total
  from public.expenses as expense
  where expense.user_id = budget.user_id
    and expense.category = budget.category
    and expense.date >= date_trunc('month', current_date)::date
    and expense.date < (date_trunc('month', current_date) + interval '1 month')::date
) as spent
where current_date between budget.start_date and budget.end_date;
comment on view public.budget_utilization is
  'The budgets that run today with what was spent this month.';

create view public.user_savings_summary
with (security_invoker = true)
as
select
  user_id,
  count(recommendation_id) as total_recommendations_acted_on,
  coalesce(sum(predicted_savings), 0) as total_estimated_savings,
  coalesce(sum(actual_savings), 0) as total_actual_savings,
  round(avg(actual_savings), 2) as avg_savings_per_action,
  max(saved_date) as last_savings_date
from public.pam_savings_events
group by user_id;
comment on view public.user_savings_summary is
  'What PAM has saved each user so far.';

create view public.latest_camping_updates
with (security_invoker = true)
as
select
  id as camping_location_id,
  name,
  type,
  crowd_level,
  last_crowd_update
from public.camping_locations
where last_crowd_update is not null;
comment on view public.latest_camping_updates is
  'How full each camp site was when somebody last looked.';

-- migrate:down

drop view public.latest_camping_updates;
drop view public.user_savings_summary;
drop view public.budget_utilization;
drop view public.budget_summary;
