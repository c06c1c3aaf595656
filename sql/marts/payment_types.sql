-- One row a type of payment, of the orders bought from $bought_from on and before $bought_before,
-- as known by $as_of.
-- For: how customers pay. An order has the type of its largest payment; orders without a payment
-- are in no row. Instalments are the sum over the orders of their whole_instalments; revenue is
-- that of the orders, in integer cents, whatever other payments they had.
-- Definitions and units: sql/intermediate/order_facts.sql.
-- Identity: orders add up to the orders of the period that have a payment.
select
    order_facts.payment_type,
    count(*) as orders,
    count(order_facts.whole_instalments) as paid,
    coalesce(sum(order_facts.whole_instalments), 0) as instalments,
    sum(order_facts.revenue_cents) as revenue_cents
from order_facts
where
    order_facts.payment_type is not null
    and order_facts.purchased_at >= cast($bought_from as timestamp)
    and order_facts.purchased_at < cast($bought_before as timestamp)
group by order_facts.payment_type
order by orders desc, order_facts.payment_type
