-- One row a number of instalments, of the orders bought from $bought_from on and before
-- $bought_before, as known by $as_of.
-- For: how long customers pay. The number is whole_instalments of order_facts: the mean over the
-- order's payments weighted by their value, rounded; orders without it are in no row. Revenue is in
-- integer cents.
-- Definitions and units: sql/intermediate/order_facts.sql.
-- Identity: orders times whole_instalments add up to instalments of kpis_total.
select
    order_facts.whole_instalments,
    count(*) as orders,
    sum(order_facts.revenue_cents) as revenue_cents
from order_facts
where
    order_facts.whole_instalments is not null
    and order_facts.purchased_at >= cast($bought_from as timestamp)
    and order_facts.purchased_at < cast($bought_before as timestamp)
group by order_facts.whole_instalments
order by order_facts.whole_instalments
