-- One row: how many customers bought by $as_of.
-- For: how many are known, where their orders are not all read.
-- Identity: as many customers as distinct customer_unique_id in order_facts.
select count(distinct customers.customer_unique_id) as customers
from orders
inner join customers on customers.customer_id = orders.customer_id
where orders.order_purchase_timestamp <= cast($as_of as timestamp)
